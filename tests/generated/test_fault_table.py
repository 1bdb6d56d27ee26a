"""The tables of faults find cells that a run has missed, and name the reason of those that cannot be hit."""

import re

import pytest

from .environment import ROOT
from .fault_table import TABLES, FaultTable

COUNTED = re.compile(r'count_fault\(\s*"([^"{]+)",\s*"([^"{]+)"')

TABLE = FaultTable(("reserve", "debit"), ("lost", "late"), {("debit", "late"): "It is never late."})
REPORT = {
    "faults": [
        {"step": "reserve", "fault": "lost", "number": 2},
        {"step": "debit", "fault": "lost", "number": 0},
        {"step": "any", "fault": "crash", "number": 1},
    ],
    "accepted": 9,
    "lost": 0,
    "loads": [],
}
WRITTEN = """\
Faults by step, as postgresql / mysql:

| fault | reserve | debit |
| --- | --- | --- |
| lost | - / 2 | - / 0 |
| late | - / 0 | n/a 1 |

n/a 1: It is never late.
at any step: crash: - / 1
mysql: accepted 9, lost 0, deadlocks -
"""


def test_cells_that_were_not_hit_are_missing() -> None:
    assert TABLE.missing(REPORT) == [("debit", "lost"), ("reserve", "late")]


@pytest.mark.parametrize("cell", [("debit", "late"), ("refund", "lost"), ("debit", "early")])
def test_cells_outside_the_table_are_unknown(cell: tuple[str, str]) -> None:
    step, fault = cell
    assert TABLE.unknown(REPORT) == []
    assert TABLE.unknown({"faults": [{"step": step, "fault": fault, "number": 1}]}) == [cell]


def test_markdown_has_the_numbers_of_each_database_and_the_reasons() -> None:
    assert TABLE.to_markdown({"mysql": REPORT}) == WRITTEN


@pytest.mark.parametrize("pattern", TABLES)
def test_only_cells_of_the_table_are_not_applicable(pattern: str) -> None:
    table = TABLES[pattern]
    cells = {(step, fault) for step in table.steps for fault in table.faults}
    assert table.not_applicable.keys() <= cells


@pytest.mark.parametrize("pattern", TABLES)
def test_faults_that_a_shop_counts_are_in_the_table(pattern: str) -> None:
    """A run of half an hour would otherwise be the first to notice."""
    sources = (ROOT / "templates" / pattern).rglob("*.py*")
    files = [path for path in sources if path.parent.name.endswith("faults")]
    assert files
    counted = [cell for path in files for cell in COUNTED.findall(path.read_text())]
    faults = [{"step": step, "fault": fault, "number": 1} for step, fault in counted]
    assert TABLES[pattern].unknown({"faults": faults}) == []
