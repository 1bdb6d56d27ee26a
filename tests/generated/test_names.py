"""Names of projects: none hides a library of the environment that a generated project works in."""

import json
import subprocess

import pytest

from blueprint.errors import ProjectNameError
from blueprint.project.naming import project_name

from .environment import python_for_all

LIST = "import importlib.metadata, json; print(json.dumps([*importlib.metadata.packages_distributions()]))"


@pytest.mark.slow
def test_a_name_of_an_installed_library_is_refused() -> None:
    """No project can be called like a module that its runtime, tests or tools have installed."""
    done = subprocess.run([python_for_all(), "-c", LIST], check=True, capture_output=True, text=True)
    modules = json.loads(done.stdout)
    assert {"fastapi", "py", "rich"} <= {*modules}
    assert [name for name in modules if _hides(name)] == []


def _hides(module: str) -> bool:
    try:
        return project_name(module).replace("-", "_") == module
    except ProjectNameError:
        return False
