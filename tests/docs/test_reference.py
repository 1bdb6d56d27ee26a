"""The reference pages show what the program does."""

import re
from pathlib import Path

import pytest

from blueprint.project.merge.outcome import NEEDS_YOU, FileOutcome
from tools.reference import PARTS, REFERENCE, filled, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_generated_parts_are_up_to_date(page: Path, regenerate: bool) -> None:
    """Run `pytest --regenerate tests/docs` or `python -m tools.reference` after a change of the program."""
    expected = filled(page.read_text("utf-8"))
    if regenerate:
        page.write_text(expected, "utf-8")
    assert page.read_text("utf-8") == expected


def test_every_part_is_on_a_page() -> None:
    """A part that no page has is dead code, and a page without it lost its table."""
    text = "".join(page.read_text("utf-8") for page in pages())
    assert sorted(re.findall(r"<!-- generated: ([a-z-]+) -->", text)) == sorted(PARTS)


def test_update_outcomes_are_complete() -> None:
    """The table has every outcome, and those that need a decision are bold."""
    rows = re.findall(
        r"^\| (\**)`([a-z-]+)`\1 \|", (REFERENCE / "update-outcomes.md").read_text(), re.MULTILINE
    )
    assert {word for _, word in rows} == {*FileOutcome}
    assert {word for stars, word in rows if stars} == {*NEEDS_YOU}
