"""A team can delete the proof of a shop, and everything else remains green."""

import shutil
from pathlib import Path

import pytest

from .environment import environment_for_all
from .projects import PATTERNS
from .running import end_of, run, shop


def without_proof(pattern: str, folder: Path) -> Path:
    """Generate a project, and delete `proof` and the fault tests."""
    project = shop(pattern, folder, {})
    shutil.rmtree(project / "proof")
    shutil.rmtree(project / "tests/faults")
    return project


def make(project: Path, *arguments: str) -> None:
    """Run make, which must succeed."""
    done = run(["make", *arguments, f"VENV={environment_for_all()}"], project)
    assert done.returncode == 0, end_of(done)


@pytest.mark.thorough
@pytest.mark.parametrize("pattern", PATTERNS)
def test_nothing_imports_the_proof(pattern: str, tmp_path: Path) -> None:
    """Lint, types and boundaries pass without the proof, and all other tests can be imported."""
    project = without_proof(pattern, tmp_path / "shop")
    make(project, "lint")
    make(project, "test", "ARGS=--collect-only --quiet")


@pytest.mark.long
@pytest.mark.parametrize("pattern", PATTERNS)
def test_unit_tests_pass_without_the_proof(pattern: str, tmp_path: Path) -> None:
    """All unit tests pass after the proof was deleted."""
    # Outside a git repository, `make check` runs all of them.
    make(without_proof(pattern, tmp_path / "shop"), "check")
