"""A pattern.yaml is read strictly; errors name the file, the line and the part."""

from pathlib import Path
from typing import Any

import pytest

from blueprint.documents import MAX_BYTES, MAX_DEPTH
from blueprint.errors import PatternError
from blueprint.patterns import Boolean, Choice, Integer, Text, load_pattern
from tests.patterns_on_disk import TINY, tiny, write_pattern


def test_the_pattern_has_the_content_of_the_file(tmp_path: Path) -> None:
    """The loaded pattern has the options, layers and values of the file, in the same order."""
    pattern = load_pattern(write_pattern(tmp_path))

    assert (pattern.name, pattern.version, pattern.folder) == ("tiny", "1.2.3", tmp_path)
    assert [type(option) for option in pattern.options.values()] == [Choice, Boolean, Text, Integer]
    assert [layer.source for layer in pattern.layers] == ["files", "deploy"]
    assert list(pattern.values) == ["image", "tag"]


def _broken_option(**changes: Any) -> dict[str, Any]:
    option = {"type": "integer", "question": "How many?", "default": 2, **changes}
    return tiny(options={"fine": TINY["options"]["database"], "broken": option})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (tiny(format=2), r"line 1: in format: 2 is not allowed here"),
        (tiny(surprise=1), r"unknown key 'surprise'"),
        (tiny(name="Not A Name"), r"line 2: in name: "),
        (tiny(name="name\n"), r"in name: "),
        (tiny(version="1"), r"line 5: in version: "),
        (tiny(layers=[]), r"in layers: "),
        (tiny(layers=[{"from": "files"}]), r"in layers\.0: the key 'to' is missing"),
        (
            tiny(options={"Bad-Name": TINY["options"]["kubernetes"]}),
            r"in options: expected lowercase letters, digits and underscores, beginning with a letter",
        ),
        (tiny(options=3), r"in options: expected a mapping of keys to values, but found a whole number"),
        (_broken_option(type="float"), r"in options\.broken\.type: 'float' is not allowed here"),
        (
            _broken_option(default="two"),
            r"in options\.broken\.default: expected a whole number, but found text",
        ),
        (_broken_option(default=0, minimum=1), r"0 is not valid for broken"),
        (_broken_option(typo=1), r"in options\.broken: unknown key 'typo'"),
        (
            tiny(options={name: {"type": "list", "item": "x", "question": "?"} for name in ("a", "b")}),
            r"line \d+: the option a already has the item x",
        ),
        (tiny(values={"secret": "1"}), r"the name secret is taken"),
        (tiny(values={"database": "1"}), r"the name database is taken"),
        (tiny(options={"package": TINY["options"]["kubernetes"]}), r"the name package is taken"),
        (tiny(options={"range": TINY["options"]["kubernetes"]}), r"the name range is taken"),
        (tiny(options={"not": TINY["options"]["kubernetes"]}), r"the name not is taken"),
    ],
)
def test_an_error_names_the_part_that_is_wrong(
    tmp_path: Path, content: dict[str, Any], expected: str
) -> None:
    """The message names the file, the line and the part with the error, and there is a hint."""
    write_pattern(tmp_path, content)

    with pytest.raises(PatternError, match=expected) as caught:
        load_pattern(tmp_path)
    assert caught.value.message.startswith(str(tmp_path / "pattern.yaml"))
    assert caught.value.hint


def test_the_line_is_that_of_the_broken_part(tmp_path: Path) -> None:
    """The line in an error message is that of the broken part, counted from 1 as in an editor."""
    write_pattern(tmp_path, _broken_option(default="two"))
    lines = (tmp_path / "pattern.yaml").read_text().splitlines()

    with pytest.raises(PatternError, match=rf"line {lines.index('    default: two') + 1}: "):
        load_pattern(tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "is empty"),
        ("- a\n- b\n", "expected a mapping of keys to values, but found a list"),
        ("name: tiny\nname: other\n", "line 2: has the key 'name' twice"),
        ("options:\n  a: {type: boolean, type: string}\n", "line 2: has the key 'type' twice"),
        ("a: &x [1]\nb: *x\n", r"line 2: has an alias"),
        (
            "a: !!python/object/apply:os.system [echo]\n",
            "line 1: has the tag !!python/object/apply:os.system",
        ),
        ("a: [1\n", "line 2: "),
        ("a: \t- b: c: d\n", "line 1: "),
        ("? [a, b]\n: c\n", "line 1: has a key that is not a plain word"),
        ("b: 1\na: \x00\n", "line 2: has a control character"),
        ("a: 2020-99-99\n", "line 1: has the value '2020-99-99'"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "is nested deeper"),
        ("[" * 100_000, "is nested deeper"),
        ("#" * (MAX_BYTES + 1), "is larger than"),
        (b"name: \xff\n", "is not UTF-8"),
    ],
)
def test_invalid_or_dangerous_yaml_is_refused(tmp_path: Path, text: str | bytes, expected: str) -> None:
    """Files with invalid YAML, aliases, custom tags, deep nesting or excessive size are refused."""
    (tmp_path / "pattern.yaml").write_bytes(text.encode() if isinstance(text, str) else text)

    with pytest.raises(PatternError, match=expected):
        load_pattern(tmp_path)


def test_a_missing_file_is_an_error_of_the_pattern(tmp_path: Path) -> None:
    """A folder without a pattern.yaml is reported as an error of the pattern."""
    with pytest.raises(PatternError, match="cannot read"):
        load_pattern(tmp_path)
