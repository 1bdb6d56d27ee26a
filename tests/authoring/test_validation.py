"""Validation of pattern.yaml: all errors are reported at once, with their lines."""

from pathlib import Path

import pytest

from blueprint.errors import PatternError

from .starters import check

BROKEN = """\
format: 2
name: Big
title: A pattern
summry: One line.
version: "1"
options:
  database:
    type: choice
    question: Which?
    choices: {postgresql: PostgreSQL, mysql: 5}
    default: postgresql
    helpp: x
  Replicas: {type: integer, question: How many?, default: 2}
  region: {type: chioce, question: Where?, default: eu}
  domain: {type: string, default: 5}
values:
  image: "'x'"
  port: 80
layers:
  - {from: files, too: "."}
  - files
look: [README.md, 7]
run: make run
"""

FAULTS = {
    1: "in format: 2 is not allowed here",
    2: "in name: expected lowercase letters, digits and dashes, beginning with a letter",
    4: "unknown key 'summry'; did you mean 'summary'?",
    5: "in version: expected a version such as 1.2.3",
    10: "in options.database.choices.mysql: expected text, but found a whole number",
    12: "in options.database: unknown key 'helpp'; did you mean 'help'?",
    13: "in options.Replicas: expected lowercase letters, digits and underscores, beginning with a letter",
    14: "in options.region: expected a `type`, one of choice, boolean, ",
    18: "in values.port: expected text, but found a whole number",
    21: "in layers.1: expected a mapping of keys to values",
    22: "in look.1: expected text, but found a whole number",
}


def problems(folder: Path, text: str) -> list[tuple[int | None, str]]:
    """The line and the message of each problem in a pattern.yaml."""
    (folder / "pattern.yaml").write_text(text)
    report = check(folder)
    assert report.pattern is None
    assert {problem.code for problem in report.problems} == {"bad-pattern"}
    return [(problem.line, problem.message) for problem in report.problems]


def test_all_structural_errors_are_reported_at_once(tmp_path: Path) -> None:
    """Missing keys, unknown keys and values of the wrong type are reported at every level."""
    found = problems(tmp_path, BROKEN)
    single = {line: message for line, message in found if line in FAULTS and "missing" not in message}

    assert {line: single[line][: len(message)] for line, message in FAULTS.items()} == FAULTS
    assert sorted(message for _, message in found if "is missing" in message) == [
        "in layers.0: the key 'to' is missing",
        "in options.domain: the key 'question' is missing",
        "the key 'summary' is missing",
        "the key 'test' is missing",
    ]
    assert (20, "in layers.0: unknown key 'too'; did you mean 'to'?") in found
    assert (15, "in options.domain.default: expected text, but found a whole number") in found
    assert len(found) == len(FAULTS) + 6


INCONSISTENT = """\
format: 1
name: x
title: x
summary: x
version: 1.0.0
options:
  project: {type: boolean, question: x, default: true}
  size: {type: integer, question: x, default: 9, maximum: 5}
  port: {type: integer, question: x, default: 0, minimum: 1}
values:
  size: "1"
layers: [{from: x, to: x, each: {port: "[1]"}}]
run: x
test: x
"""


def test_all_semantic_errors_are_reported_at_once(tmp_path: Path) -> None:
    """Reserved names, duplicate names and invalid defaults are reported together."""
    assert problems(tmp_path, INCONSISTENT) == [
        (7, "the name project is taken; choose another"),
        (8, "9 is not valid for size"),
        (9, "0 is not valid for port"),
        (11, "the name size is taken; choose another"),
        (12, "the name port is taken; choose another"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\na: 2\n", 2, "has the key 'a' twice"),
        ("a: [\n", 2, ""),
        ("", None, "is empty"),
        ("- a\n", 1, "is not a mapping of keys to values"),
        ("options: [1]\nlayers: {a: 1}\n", 1, "in options.0"),
    ],
)
def test_malformed_yaml_is_a_problem(tmp_path: Path, text: str, line: int | None, message: str) -> None:
    """A file that is not a pattern gives a problem instead of a crash."""
    assert any(found[0] == line and message in found[1] for found in problems(tmp_path, text))


def test_yes_and_no_have_to_be_quoted(tmp_path: Path) -> None:
    """YAML reads yes and no as booleans; the message has the line of the key and what to do."""
    text = (
        "format: 1\nname: x\ntitle: X\nsummary: X.\nversion: 1.0.0\nrun: x\ntest: x\n"
        "options:\n  size:\n    type: choice\n    question: X\n    choices:\n      yes: Large.\n"
        "      'no': Small.\n    default: no\nlayers: [{from: files, to: .}]\n"
    )
    advice = "expected text, but YAML reads this as true or false; put it in quotes"
    assert problems(tmp_path, text) == [
        (13, f"in options.size.choices.yes: {advice}"),
        (15, f"in options.size.default: {advice}"),
    ]


def test_a_folder_without_a_pattern_is_an_error(tmp_path: Path) -> None:
    """The error for a folder without a pattern says how to create one."""
    with pytest.raises(PatternError, match=r"cannot read .*pattern\.yaml") as caught:
        check(tmp_path)
    assert "pattern init" in caught.value.hint
