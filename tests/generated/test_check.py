"""`make check` of a generated project: one line for each fault, and only the tests of what changed."""

from pathlib import Path

import pytest

from .environment import environment_for_all
from .projects import PATTERNS
from .running import PACKAGE, commit, run, shop

FAULTS = """
count: int = "none"
import os
wide = {'a':1}
def planted():
    from ..orders import domain
    return domain
"""
FAILING = """

def test_a_cart_has_a_price() -> None:
    assert len("cart") == 5
"""
EXPECTED = {
    "format: {context}/service.py",
    "lint: {context}/service.py",
    "types: {context}/service.py",
    f"boundaries: {PACKAGE}.cart.service -> {PACKAGE}.orders.domain",
    "tests of cart: FAILED {context}/tests/test_pricing.py::test_a_cart_has_a_price - ",
}

NAMES = ("format: ", "lint: ", "types: ", "boundaries: ", "tests of cart: FAILED ")


def check(project: Path, *arguments: str) -> list[str]:
    """Run `make check` and return its lines, without the one of make itself."""
    done = run(["make", "check", f"VENV={environment_for_all()}", *arguments], project)
    return [line for line in done.stdout.splitlines() if not line.startswith("make: ")]


@pytest.mark.thorough
@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_fault_is_one_line(pattern: str, tmp_path: Path) -> None:
    """Format, lint, types, boundaries and a failing test each give a line that names the place."""
    project = shop(pattern, tmp_path / "shop", {})
    commit(project)
    assert check(project) == ["No faults in: format, lint, types, boundaries"]

    (place,) = project.glob(f"**/{PACKAGE}/cart")
    with (place / "service.py").open("a") as file:
        file.write(FAULTS)
    (place / "tests/test_pricing.py").write_text(f'"""Tests of prices."""{FAILING}')
    *faults, summary = check(project)
    expected = {text.format(context=place.relative_to(project)) for text in EXPECTED}
    assert {text for text in expected if not any(fault.startswith(text) for fault in faults)} == set()
    assert [fault for fault in faults if not fault.startswith(NAMES)] == []
    assert summary == f"{len(faults)} faults in: format, lint, types, boundaries, tests of cart"
