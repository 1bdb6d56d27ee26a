"""A team can delete the proof of a shop, and everything else remains green."""

import shutil
from pathlib import Path

import pytest

from .environment import environment_for_all
from .projects import PATTERNS
from .running import end_of, run, shop


@pytest.mark.thorough
@pytest.mark.parametrize("pattern", PATTERNS)
def test_everything_else_is_green_without_the_proof(pattern: str, tmp_path: Path) -> None:
    """Lint, types, boundaries and unit tests pass after `proof` and the fault tests were deleted."""
    project = shop(pattern, tmp_path / "shop", {})
    shutil.rmtree(project / "proof")
    shutil.rmtree(project / "tests/faults")
    linted = run(["make", "lint", f"VENV={environment_for_all()}"], project)
    assert linted.returncode == 0, end_of(linted)
    # Outside a git repository, `make check` runs all unit tests.
    checked = run(["make", "check", f"VENV={environment_for_all()}"], project)
    assert checked.returncode == 0, end_of(checked)
