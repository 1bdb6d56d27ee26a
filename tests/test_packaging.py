"""The wheel contains every template, byte by byte."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from blueprint.authoring.scaffold import STARTER
from blueprint.patterns.loading import pattern_names, templates_root
from blueprint.render.layers import all_files

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    """Return the output of a command that must succeed; show its errors if it does not."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


def contents(folder: Path) -> dict[str, tuple[bytes, bool]]:
    """Return bytes and executable bit of every file below `folder` that can be part of a pattern."""
    files = all_files(folder)
    return {source.path: (source.location.read_bytes(), source.executable) for source in files}


def test_the_wheel_contains_the_templates_and_no_caches(wheel: Path) -> None:
    """The wheel contains templates, schemas, skill and the py.typed marker, but no caches."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {f"blueprint/_templates/{pattern}/pattern.yaml" for pattern in pattern_names()} <= set(names)
    assert "blueprint/patterns/pattern.schema.json" in names
    assert "blueprint/cli/skill/SKILL.md" in names
    assert "blueprint/report/recommendation.schema.json" in names
    assert "blueprint/py.typed" in names
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []
    assert [name for name in names if "_cache/" in name] == []


def test_the_wheel_contains_the_starter_pattern(wheel: Path) -> None:
    """The wheel contains the starter pattern, with its golden trees and dotfiles."""
    inside = "blueprint/authoring/starter/"
    names = {
        name.removeprefix(inside) for name in zipfile.ZipFile(wheel).namelist() if name.startswith(inside)
    }
    assert names == set(contents(STARTER))


def test_an_installed_blueprint_generates_what_a_checkout_does(wheel: Path, tmp_path: Path) -> None:
    """An installed blueprint generates what a checkout does, although pip compiles the Python templates."""
    environment = tmp_path / "venv"
    venv.create(environment)
    pip = (sys.executable, "-m", "pip", "--python", str(environment / "bin/python"))
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=tmp_path)
    (package,) = environment.glob("lib/python*/site-packages/blueprint")
    # The dependencies are those of the tests, in a folder of which Python reads no .pth file: the checkout is
    # not found.
    package.with_name("dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    assert list((package / "_templates").rglob("__pycache__"))
    assert len([*(package / "_compiled").rglob("*.pyc")]) > 100
    assert contents(package / "_templates") == contents(templates_root())

    for name, program in (
        ("checkout", [sys.executable, "-m", "blueprint"]),
        ("installed", [environment / "bin/blueprint"]),
    ):
        run(*program, "new", "shop", "--yes", "--output", tmp_path / name, cwd=tmp_path)
    generated = {name: contents(tmp_path / name) for name in ("checkout", "installed")}
    secret = {
        path
        for path in generated["checkout"]
        if os.stat(tmp_path / "checkout" / path).st_mode & 0o777 == 0o600
    }
    assert {p: c for p, c in generated["checkout"].items() if p not in secret} == {
        p: c for p, c in generated["installed"].items() if p not in secret
    }


@pytest.mark.long
def test_the_wheel_brings_its_dependencies(wheel: Path, tmp_path: Path) -> None:
    """In a new environment, pip installs all that the command needs. Needs the network."""
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    run(environment / "bin/python", "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    for arguments in (["new", "shop", "--yes"], ["recommend", "--preset", "cms"], ["pattern", "list"]):
        run(environment / "bin/blueprint", *arguments, cwd=tmp_path)
