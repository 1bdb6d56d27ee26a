"""Boundaries between the services: no service imports the code of another."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dev.architecture import PACKAGE, SERVICES

from .isolation import PROJECT, run_isolated

NAMES = [service.name for service in SERVICES]
IMPORT_ALL = """
import pkgutil, sys
from importlib import import_module
package = import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
    if ".tests" not in module.name and not module.name.endswith((".__main__", ".testing", ".env")):
        import_module(module.name)
"""


def lint_imports(project: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the copy of the project."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    path = ":".join(str(sources) for sources in sorted(project.glob("**/src")))
    return subprocess.run(
        command, cwd=project, env={"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the files that import-linter reads."""
    ignore = shutil.ignore_patterns("__pycache__", "tests")
    for folder in ("libs", "services"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=ignore)
    shutil.copy(PROJECT / ".importlinter", tmp_path)
    return tmp_path


def plant(module: Path, line: str) -> None:
    """Append a line to a module."""
    with module.open("a") as file:
        file.write(f"\n{line}\n")


def test_all_import_contracts_are_kept(project: Path) -> None:
    """import-linter reports no violation of .importlinter."""
    outcome = lint_imports(project)
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("services/orders/src/{}/orders/service.py", "from ..inventory import tables as _planted"),
        ("services/orders/src/{}/sagas/definition.py", "from ..payments import ledger as _planted"),
        ("services/cart/src/{}/cart_service/clients.py", "from ..catalog import domain as _planted"),
        ("services/payments/src/{}/payments/ledger.py", "from ..payments_service import wiring as _planted"),
        ("libs/src/{}/chassis/clock.py", "from ..cart import tables as _planted"),
        ("libs/src/{}/service_calls/client.py", "from ..orders import domain as _planted"),
    ],
)
def test_a_forbidden_import_is_reported(project: Path, module: str, line: str) -> None:
    """The import is added to a copy and reported, even though all services are on the path."""
    plant(project / module.format(PACKAGE), line)
    outcome = lint_imports(project)
    assert outcome.returncode == 1, outcome.stdout
    assert "BROKEN" in outcome.stdout


@pytest.mark.parametrize("service", NAMES)
def test_a_service_runs_without_the_code_of_the_others(service: str) -> None:
    """All its modules can be imported with only the libraries on the path."""
    outcome = run_isolated(service, {}, "-c", IMPORT_ALL, PACKAGE)
    assert outcome.returncode == 0, outcome.stderr


def test_a_service_cannot_import_another(tmp_path: Path) -> None:
    """The import of another service's module is added to a copy and fails at the start."""
    sources = shutil.copytree(PROJECT / "services/orders/src", tmp_path / "src")
    plant(sources / PACKAGE / "orders/service.py", "from ..inventory import tables as _planted")
    outcome = run_isolated("orders", {}, "-c", IMPORT_ALL, PACKAGE, sources=sources)
    assert outcome.returncode == 1
    assert "No module named" in outcome.stderr
