"""Microservices with several contexts in one service pass all that a shop of their own has to pass."""

from pathlib import Path

import pytest

from .environment import environment_for_all
from .groupings import CHOSEN
from .running import end_of, run, shop


@pytest.mark.thorough
@pytest.mark.parametrize(
    "name", [name if name == "coarse" else pytest.param(name, marks=pytest.mark.long) for name in CHOSEN]
)
def test_a_grouping_passes_its_own_suite(name: str, tmp_path: Path) -> None:
    """Lint, the unit tests of each service, boundaries, contracts, access, traces, acceptance and audit."""
    project = shop("microservices", tmp_path, {"deployables": CHOSEN[name], "cache": "memory"})
    for target in ("lint", "test"):
        done = run(["make", target, f"VENV={environment_for_all()}"], project)
        assert done.returncode == 0, end_of(done)
