"""Fault tests of services in Java, which are written in Python, fit the project without Python programs."""

from pathlib import Path

import pytest

from .environment import python_for_all
from .projects import tree_of, write
from .running import end_of, run

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("pattern", ["microservices", "event-driven"])
def test_the_fault_tests_are_typed_and_can_be_imported(pattern: str, tmp_path: Path) -> None:
    """They use modules of the Python stack, some of which have other places in a project in Java."""
    project = write(tree_of({"stack": "spring"}, pattern=pattern), tmp_path / "shop")
    variables = {"TEST_DATABASE_URL": "postgresql://127.0.0.1/shop"}
    for command in (["mypy", "--strict", "tests"], ["pytest", "--collect-only", "--quiet", "tests"]):
        done = run([python_for_all(), "-m", *command], project, variables)
        assert done.returncode == 0, end_of(done)
