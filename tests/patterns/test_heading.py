"""A list of patterns reads only the heading of each pattern.yaml."""

from pathlib import Path

import pytest

from blueprint.errors import PatternError
from blueprint.patterns import load_pattern
from blueprint.patterns.catalogue import pattern_names, templates_root
from blueprint.patterns.loading import PatternHeading, read_heading

HEADING = "format: 1\nname: x\ntitle: An X\nsummary: >-\n  One\n  line.\nversion: 1.2.3-rc.1\n"
X = PatternHeading("x", "An X", "One line.", "1.2.3-rc.1")


def read(folder: Path, text: str) -> PatternHeading:
    """Read the heading of a pattern.yaml that contains `text`."""
    (folder / "pattern.yaml").write_text(text)
    return read_heading(folder)


@pytest.mark.parametrize("name", pattern_names())
def test_the_heading_is_equal_to_that_of_the_loaded_pattern(name: str) -> None:
    """For every built-in pattern, the heading has the same values as the loaded pattern."""
    root = templates_root()
    pattern = load_pattern(root / name, root)
    expected = PatternHeading(pattern.name, pattern.title, pattern.summary, pattern.version)
    assert read_heading(root / name) == expected


def test_nothing_after_the_heading_is_read(tmp_path: Path) -> None:
    """Invalid YAML after the heading does not matter."""
    assert read(tmp_path, f"{HEADING}options: [\n") == X


def test_the_heading_may_be_at_the_end(tmp_path: Path) -> None:
    """The heading is found after other keys, even if these contain keys such as `title`."""
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
def test_a_file_without_a_valid_heading_is_refused(tmp_path: Path, text: str) -> None:
    """A pattern.yaml with an incomplete or invalid heading is an error that names the file."""
    (tmp_path / "pattern.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(PatternError, match=r"pattern\.yaml does not say which pattern it is"):
        read_heading(tmp_path)


def test_a_folder_without_a_pattern_file_is_refused(tmp_path: Path) -> None:
    """Reading the heading in a folder without a pattern.yaml is an error."""
    with pytest.raises(PatternError, match="cannot read"):
        read_heading(tmp_path)
