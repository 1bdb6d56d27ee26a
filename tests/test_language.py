"""The check of our language finds what it is there for, and lets code alone."""

from pathlib import Path

import pytest

from tools.check_language import check_file


@pytest.mark.parametrize(
    "text",
    [
        "Whoever starts it waits.",
        "The file is written anew.",
        "There is no more room.",
        "A port of its own.",
        "The broker was away for a minute.",
        "Event 17 failed for the 3. time.",
        "2 server(s) started.",
        "It came back when\nthe others go on.",
    ],
)
def test_phrases_are_found(text: str, tmp_path: Path) -> None:
    """Each phrase of the list is reported, also where a line is broken inside it."""
    (tmp_path / "page.md").write_text(f"# Title\n\n{text}\n")
    (tmp_path / "module.py").write_text(f'"""{text}"""\n')
    assert len(check_file(tmp_path / "page.md", "page.md")) == 1
    assert len(check_file(tmp_path / "module.py", "module.py")) == 1


@pytest.mark.parametrize("text", ["No more than eight.", "It is away from home."])
def test_other_words_are_not(text: str, tmp_path: Path) -> None:
    """What only resembles a phrase is allowed."""
    (tmp_path / "page.md").write_text(text)
    assert check_file(tmp_path / "page.md", "page.md") == []


def test_code_is_not_prose(tmp_path: Path) -> None:
    """Calls and names in Python code are no findings."""
    (tmp_path / "module.py").write_text("anew = str(s)\nprint(s)\n")
    assert check_file(tmp_path / "module.py", "module.py") == []
