"""Help texts: each command has an example, and choices are shown as they are."""

import shlex

import pytest
import typer.main
from typer.testing import CliRunner

from blueprint.cli.app import app
from blueprint.cli.help_text import stored_help
from blueprint.cli.schema.flow import named_commands
from blueprint.needs.inputs import inputs
from blueprint.needs.presets import PRESETS
from blueprint.patterns import Choice, list_patterns
from tools.reference import help_text

COMMANDS = {f"blueprint {name}": command for name, command in named_commands(typer.main.get_command(app))}


def test_the_stored_help_is_what_the_commands_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """`blueprint --help` prints a text without loading the commands; it is what they would print."""
    assert stored_help(["--help"]) == help_text(), "run `python -m tools.reference`"
    monkeypatch.setenv("COLUMNS", "60")
    assert stored_help(["--help"]) is None, "a narrow terminal gets lines that fit"
    assert stored_help(["new", "--help"]) is None


def choices_in_help(command: str, option: str) -> set[str]:
    """Return the choices that the help of `command` shows for `option`, as in [nginx|haproxy]."""
    (metavar,) = (each.metavar for each in COMMANDS[command].params if each.name == option)
    return set(metavar.strip("[]").split("|"))


@pytest.mark.parametrize("path", COMMANDS)
def test_each_command_has_an_example_with_existing_options(path: str) -> None:
    """The help of each command ends with an example that uses only options that exist."""
    label, _, example = COMMANDS[path].epilog.partition(": ")
    options = {spelling for parameter in COMMANDS[path].params for spelling in parameter.opts}

    assert label == "Example"
    assert example.startswith(f"{path} ")
    assert {word for word in shlex.split(example) if word.startswith("-")} <= options


@pytest.mark.parametrize("path", COMMANDS)
def test_the_summary_of_each_command_fits_the_list_of_commands(path: str) -> None:
    """The first sentence of each help text is short enough for 80 columns."""
    assert not COMMANDS[path].get_short_help_str(64).endswith("...")


@pytest.mark.parametrize("path", COMMANDS)
def test_help_cuts_nothing_at_80_columns(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line of help fits, and no text or list of choices is cut off."""
    monkeypatch.setenv("COLUMNS", "80")
    shown = CliRunner().invoke(app, [*path.split()[1:], "--help"], prog_name="blueprint").output
    assert max(map(len, shown.splitlines())) <= 80
    assert "..." not in shown.replace("[VERB]...", "")
    assert "Example: " in shown


def test_recommend_shows_every_preset() -> None:
    """The help of `--preset` names all presets."""
    (text,) = (each.help for each in COMMANDS["blueprint recommend"].params if each.name == "preset")
    assert {word.strip(",.") for word in text.partition(":")[2].split()} - {"or"} == set(PRESETS)


@pytest.mark.parametrize("option", ["stack", "database", "cache", "auth", "load_balancer", "host"])
def test_new_shows_the_choices_of_the_built_in_patterns(option: str) -> None:
    """The help of `blueprint new` shows the choices that the built-in patterns have."""
    found = {pattern.name: pattern.options.get(option) for pattern in list_patterns()}
    choices = [set(each.choices) for each in found.values() if isinstance(each, Choice)]
    assert set().union(*choices) == choices_in_help("blueprint new", option)


@pytest.mark.parametrize("name", [spec.name for spec in inputs().values() if spec.choices])
def test_recommend_shows_the_choices_of_the_needs(name: str) -> None:
    """The help of `blueprint recommend` shows the choices that the needs accept."""
    assert set(inputs()[name].choices) == choices_in_help("blueprint recommend", name)
