"""Microservices with several contexts in one service pass all that a shop of their own has to pass."""

from pathlib import Path

import pytest

from .environment import environment_for_all, python_for_all
from .groupings import CHOSEN, COARSE
from .running import end_of, run, shop


@pytest.mark.thorough
def test_a_grouping_keeps_its_contract(tmp_path: Path) -> None:
    """Lint, boundaries, contracts, access, traces, acceptance and audit of a shop with three services.

    Its contexts are those of the shop with a service for each, whose unit tests test_at_work.py runs.
    """
    project = shop("microservices", tmp_path, {"deployables": COARSE, "cache": "memory"})
    linted = run(["make", "lint", f"VENV={environment_for_all()}"], project)
    assert linted.returncode == 0, end_of(linted)
    done = run([python_for_all(), "-m", "pytest", "--ignore", "tests/faults", "tests"], project)
    assert done.returncode == 0, end_of(done)


@pytest.mark.long
@pytest.mark.parametrize("name", CHOSEN)
def test_a_grouping_passes_its_own_suite(name: str, tmp_path: Path) -> None:
    """Lint, the unit tests of each service, boundaries, contracts, access, traces, acceptance and audit."""
    project = shop("microservices", tmp_path, {"deployables": CHOSEN[name], "cache": "memory"})
    for target in ("lint", "test"):
        done = run(["make", target, f"VENV={environment_for_all()}"], project)
        assert done.returncode == 0, end_of(done)
