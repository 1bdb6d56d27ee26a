"""A list needs four words of each pattern, and reads no more of it."""

from pathlib import Path

import pytest

from blueprint.errors import PatternError
from blueprint.patterns import load_pattern
from blueprint.patterns.catalogue import pattern_names, templates_root
from blueprint.patterns.loading import PatternHeading, read_heading

HEADING = "format: 1\nname: x\ntitle: An X\nsummary: >-\n  One\n  line.\nversion: 1.2.3-rc.1\n"
X = PatternHeading("x", "An X", "One line.", "1.2.3-rc.1")


def read(folder: Path, text: str) -> PatternHeading:
    """The heading of a pattern.yaml with this text."""
    (folder / "pattern.yaml").write_text(text)
    return read_heading(folder)


@pytest.mark.parametrize("name", pattern_names())
def test_it_is_what_loading_gives(name: str) -> None:
    """For every built-in pattern."""
    root = templates_root()
    pattern = load_pattern(root / name, root)
    expected = PatternHeading(pattern.name, pattern.title, pattern.summary, pattern.version)
    assert read_heading(root / name) == expected


def test_what_stands_below_is_not_read(tmp_path: Path) -> None:
    """Not even if it is no YAML."""
    assert read(tmp_path, f"{HEADING}options: [\n") == X


def test_it_may_stand_anywhere(tmp_path: Path) -> None:
    """Between options that have names and titles of their own."""
    options = "options:\n  name: {title: no, version: 9.9.9}\nlook: [name, y]\n"
    assert read(tmp_path, options + HEADING) == X


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "- name: x\n",
        "name: x\n",
        HEADING.replace("name: x", "name: X"),
        HEADING.replace("An X", "[]"),
        "\xff",
    ],
)
def test_without_a_heading_there_is_no_pattern(tmp_path: Path, text: str) -> None:
    """An error that names the file."""
    (tmp_path / "pattern.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(PatternError, match=r"pattern\.yaml does not say which pattern it is"):
        read_heading(tmp_path)


def test_a_folder_without_a_pattern(tmp_path: Path) -> None:
    """Likewise."""
    with pytest.raises(PatternError, match="cannot read"):
        read_heading(tmp_path)
