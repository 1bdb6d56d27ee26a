"""The bus's own tests, without a broker and with one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.generated.environment import python_for_all
from tests.servers.kafka import STARTER, kafka

PYTHON = Path(__file__).parent.parent.parent / "templates/shared/python"
PACKAGE = "corner_shop"
# What lies where, in a project with the smallest choices.
LAYERS = {
    "chassis": "chassis",
    "options/database-postgresql": "chassis",
    "options/cache-memory": "chassis",
    "options/plain-telemetry": "chassis",
    "options/bus": "chassis/bus",
    "testing": "",
}
SETTINGS = """\
[pytest]
addopts = --import-mode=importlib -q
pythonpath = src .
consider_namespace_packages = true
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the bus, and what it stands on."""
    project = tmp_path / "project"
    ignored = shutil.ignore_patterns("__pycache__", "*.jinja")
    for layer, place in LAYERS.items():
        target = project / "src" / PACKAGE / place
        shutil.copytree(PYTHON / layer, target, ignore=ignored, dirs_exist_ok=True)
    shutil.copytree(STARTER, project / "tests/broker", ignore=ignored)
    for template in STARTER.glob("*.jinja"):
        text = template.read_text().replace("{{ package }}", PACKAGE)
        (project / "tests/broker" / template.stem).write_text(text)
    (project / "conftest.py").write_text(f'pytest_plugins = ["{PACKAGE}.testing"]\n')
    (project / "pytest.ini").write_text(SETTINGS)
    return project


def run(project: Path, *tests: str, bus_url: str | None = None) -> None:
    """Run tests of the project; they must pass."""
    environment = os.environ | ({"TEST_BUS_URL": bus_url} if bus_url else {})
    command = [python_for_all(), "-m", "pytest", *tests]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


def test_the_bus_on_a_file(project: Path) -> None:
    run(project, f"src/{PACKAGE}/chassis/bus")


@pytest.mark.long
def test_the_bus_on_kafka(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    folder.mkdir()
    with kafka(folder) as broker:
        (project / "build").symlink_to(broker.jars.parent)
        run(project, f"src/{PACKAGE}/chassis/bus", "tests/broker", bus_url=broker.url)
