"""A list of patterns reads only the heading of each pattern.yaml."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from blueprint.authoring.scaffold import scaffold_pattern
from blueprint.errors import PatternError
from blueprint.patterns import load_pattern
from blueprint.patterns.heading import PatternHeading, plain_heading, read_heading
from blueprint.patterns.loading import pattern_names, templates_root

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


CHARACTERS = "ab1. \t'\"#:,-?[]{}&*!|>%@`\\~\r\x85\u2028\xa0é😀\x00"


@st.composite
def headings(draw: st.DrawFn) -> str:
    """Text that begins like a heading, with odd values, and with odd lines anywhere."""
    keys = draw(st.permutations(["format", *PatternHeading.__struct_fields__]))
    values = st.just("A plain one.") | st.text(CHARACTERS, max_size=6)
    odd = st.sampled_from(["", " ", " more", "\tmore", "# more", "---", "...", "- x", "title: x", "'"])
    lines = [f"{key}:{draw(st.sampled_from([' ', ' ', '  ', '']))}{draw(values)}" for key in keys]
    for _ in range(draw(st.integers(0, 2))):
        lines.insert(draw(st.integers(0, len(lines))), draw(odd))
    return "\n".join([*lines, *draw(st.sampled_from([[], [""], [" more"], ["", "  more"], ["options: ["]]))])


@given(headings())
def test_plain_lines_mean_what_the_parser_finds(text: str) -> None:
    """If the heading is read without the parser, the parser finds the same in the lines that were read.

    A line that is not indented ends a value, so what follows it does not matter.
    """
    plain = plain_heading(text)
    if plain is None:
        return
    lines = text.split("\n")
    keys = [line.partition(":")[0] for line in lines]
    last = max(keys.index(key) for key in plain)
    after = next((n for n, line in enumerate(lines) if n > last and line[:1] not in ("", "#")), len(lines))
    parsed = yaml.load("\n".join(lines[:after]), yaml.BaseLoader)  # noqa: S506 - only texts
    assert {key: parsed[key] for key in plain} == plain


def test_most_patterns_begin_with_plain_lines() -> None:
    """The built-in patterns and the starter need no parser for their heading."""
    texts = [(templates_root() / name / "pattern.yaml").read_text() for name in pattern_names()]
    texts.append(scaffold_pattern("shop")["pattern.yaml"].content.decode())
    assert all(map(plain_heading, texts))
