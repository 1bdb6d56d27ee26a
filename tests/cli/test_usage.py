"""A wrong command line: what is wrong with it in our own words, and which help to read."""

import pytest

from .running import in_process

WRONG = [
    (["new", "--databse", "x"], "there is no option --databse; did you mean --database?", "blueprint new"),
    (["-x"], "there is no option -x", "blueprint"),
    (["nwe"], "there is no command 'nwe'; did you mean 'new'?", "blueprint"),
    (["pattern", "nope"], "there is no command 'nope'", "blueprint pattern"),
    (["new", "shop", "more", "words"], "unexpected argument: more words", "blueprint new"),
    (["new", "--database"], "--database needs a value", "blueprint new"),
    (["new", "--json=5"], "--json takes no value", "blueprint new"),
    (["new", "shop", "update", "--set"], "--set needs a value", "blueprint new"),
    (["pattern", "preview", "--file"], "--file needs a value", "blueprint pattern preview"),
    (["schema", "--json=5"], "--json takes no value", "blueprint schema"),
    (["recommend", "--engineers", "x"], "--engineers must be a whole number", "blueprint recommend"),
    (["recommend", "--mean-rps", "x"], "--mean-rps must be a number", "blueprint recommend"),
    (
        ["pattern", "check", "--seconds", "0"],
        "--seconds must be a number in the range that the help shows",
        "blueprint pattern check",
    ),
    (["pattern", "show"], "NAME is missing", "blueprint pattern show"),
]


@pytest.mark.parametrize(("arguments", "message", "command"), WRONG, ids=[" ".join(w[0]) for w in WRONG])
def test_a_wrong_command_line_is_explained(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str, command: str
) -> None:
    """The option or argument is named as the user typed it."""
    run = in_process(*arguments, capsys=capsys)
    assert run.status == 2
    assert run.err == f"Error: {message}\n  `{command} --help` shows what there is.\n"


@pytest.mark.parametrize("arguments", [[], ["pattern"]])
def test_without_a_command_the_help_is_shown(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """Below the error."""
    run = in_process(*arguments, capsys=capsys)
    assert run.status == 2
    assert run.err.startswith("Error: no command was given\n  Usage: blueprint")
