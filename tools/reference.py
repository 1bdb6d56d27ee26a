"""Fill the generated parts of the reference pages from the program itself.

Run with `python -m tools.reference`. A part lies between `<!-- generated: NAME -->` and `<!-- end -->` in a
page below `docs/reference`. tests/docs/test_reference.py fails when a page differs from the program.
"""

import importlib
import json
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import typer.main
import typer.testing

import blueprint
from blueprint.cli.app import app, run
from blueprint.cli.help_text import STORED
from blueprint.errors import BlueprintError, ExitStatus
from blueprint.needs.inputs import Input, groups, inputs
from blueprint.needs.presets import PRESETS

from .reported_bugs import reported_bugs

REFERENCE = Path(__file__).parent.parent / "docs/reference"
PART = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
BUILT_IN = ("monolith", "microservices", "event-driven")
UNNAMED = {
    ExitStatus.OK: "The command did what it was asked to do.",
    ExitStatus.CONFLICTS: "The update is done, and at least one file needs a decision from you; or `update "
    "--check` found that an update is due; or `recommend --check` found a need that is not met.",
    ExitStatus.INTERRUPTED: "Stopped by SIGINT (Ctrl-C) before anything was written.",
    ExitStatus.TERMINATED: "Stopped by SIGTERM before anything was written.",
}
"""The meaning of the statuses that no error has."""

Shown = dict[str, Any]
"""An option of a pattern, as `blueprint pattern show --json` prints it."""


def main() -> None:
    """Write every page of the reference that has generated parts."""
    STORED.write_text(help_text(), "utf-8")
    for page in pages():
        page.write_text(filled(page.read_text("utf-8")), "utf-8")


def help_text() -> str:
    """Return what `blueprint --help` prints on a wide terminal."""
    return (
        typer.testing.CliRunner(env={"COLUMNS": "80"}).invoke(app, ["--help"], prog_name="blueprint").output
    )


def pages() -> list[Path]:
    """Return the pages of the reference."""
    return sorted(REFERENCE.glob("*.md"))


def filled(text: str) -> str:
    """Return the text of a page with each of its parts generated."""
    return PART.sub(lambda part: f"{part[1]}\n{PARTS[part['name']]()}\n\n{part[3]}", text)


def commands() -> str:
    """Return one section for each command, from the definitions that `--help` shows."""
    return "\n\n".join(_command(path, command) for path, command in _leaves(typer.main.get_command(app)))


def exit_statuses() -> str:
    """Return every exit status with its meaning."""
    rows = [(f"`{status.value}`", _meaning(status)) for status in ExitStatus]
    return _table(("status", "meaning"), rows)


def error_codes() -> str:
    """Return every error code with its exit status and its meaning."""
    errors = sorted(_errors(), key=lambda error: (error.status, error.code))
    rows = [(f"`{error.code}`", f"`{error.status.value}`", _summary(error)) for error in errors]
    return _table(("code", "exit status", "meaning"), rows)


def needs() -> str:
    """Return every field of needs.yaml, one table for each group."""
    return "\n\n".join(
        f"### `{group.name}`\n\n{_table(('field', 'values', 'default', 'question'), _fields(group.name))}"
        for group in groups().values()
    )


def presets() -> str:
    """Return the names of the presets."""
    return ", ".join(f"`{name}`" for name in PRESETS)


def options() -> str:
    """Return the options that all built-in patterns share, then those of each pattern."""
    known = {name: _options(name) for name in BUILT_IN}
    first, *others = known.values()
    shared = {name for name in first if all(_is_alike(first[name], other.get(name)) for other in others)}
    sections = [("Options of every pattern", {name: first[name] for name in first if name in shared})]
    sections += [
        (f"Options of `{pattern}`", {name: option for name, option in own.items() if name not in shared})
        for pattern, own in known.items()
    ]
    head = ("option", "values", "default", "question")
    return "\n\n".join(
        f"## {title}\n\n{_table(head, map(_option_row, own, own.values()))}" for title, own in sections
    )


def replayed_reports() -> str:
    """Return every bug report that the acceptance suite replays."""
    rows = [
        (bug.kind, _issue(bug.repository, bug.number), bug.fault, f"`{bug.test}`") for bug in reported_bugs()
    ]
    return _table(("kind", "report", "what went wrong there", "test"), rows)


VALUES = {"str": "VALUE", "path": "PATH"}
"""The word for a value whose flag has none."""

PARTS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "exit-statuses": exit_statuses,
    "error-codes": error_codes,
    "needs": needs,
    "presets": presets,
    "options": options,
    "replayed-reports": replayed_reports,
}


def _issue(repository: str, number: int) -> str:
    return f"[{repository}#{number}](https://github.com/{repository}/issues/{number})"


def _leaves(command: Any, path: str = "blueprint") -> Iterator[tuple[str, Any]]:
    """Yield each command that is not a group, with the words that run it."""
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, inner in command.commands.items():
        yield from _leaves(inner, f"{path} {name}")


def _command(path: str, command: Any) -> str:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    flags = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    usage = " ".join([path, "[OPTIONS]", *map(_argument, arguments)])
    rows = [(f"`{_argument_name(each)}`", _sentence(each.help)) for each in arguments]
    rows += [(_flag(each), _sentence(each.help)) for each in flags]
    return "\n\n".join(
        [
            f"## `{path}`",
            " ".join(str(command.help).split()),
            f"```text\n{usage}\n```",
            _table(("", ""), rows),
        ]
    )


def _argument_name(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())


def _argument(argument: Any) -> str:
    name = _argument_name(argument)
    return name if argument.required else f"[{name}]"


def _flag(flag: Any) -> str:
    """Return every spelling of a flag, with the word for its value."""
    value = "" if flag.is_flag else f" {flag.metavar or VALUES[flag.type.name]}"
    return ", ".join(f"`{spelling}{value}`" for spelling in (*flag.opts, *flag.secondary_opts))


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split())


def _meaning(status: ExitStatus) -> str:
    """Return what the errors that end with `status` mean."""
    if status in UNNAMED:
        return UNNAMED[status]
    errors = [error for error in _errors() if error.status is status]
    return " ".join(dict.fromkeys(map(_summary, errors)))


@cache
def _errors() -> tuple[type[BlueprintError], ...]:
    """Return every kind of error in the package that has its own code."""
    for module in pkgutil.walk_packages(blueprint.__path__, "blueprint."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return tuple(_subclasses(BlueprintError))


def _subclasses(error: type[BlueprintError]) -> Iterator[type[BlueprintError]]:
    # Python lists them in the order of the imports, which differs between programs.
    for each in sorted(error.__subclasses__(), key=lambda each: each.__module__):
        if "code" in vars(each):
            yield each
        yield from _subclasses(each)


def _summary(error: type) -> str:
    return str(error.__doc__).strip().splitlines()[0]


def _fields(group: str) -> Iterator[tuple[str, str, str, str]]:
    for field in inputs().values():
        if field.group == group:
            yield f"`{field.name}`", _range(field), _value(field.default), f"{field.question} {field.help}"


def _range(field: Input) -> str:
    if field.choices:
        return " or ".join(f"`{choice}`" for choice in field.choices)
    if field.type == "boolean":
        return "`true` or `false`"
    kind = "integer" if field.type == "integer" else "number"
    unit = f" ({field.unit})" if field.unit else ""
    return f"{kind} from {_number(field.minimum)} to {_number(field.maximum)}{unit}"


def _number(value: float | None) -> str:
    whole = value is not None and value == int(value)
    return f"{int(value or 0):,}" if whole else str(value)


def _value(value: Any) -> str:
    if value is None:
        return "none"
    return f"`{json.dumps(value)}`" if not isinstance(value, str) else f"`{value}`"


def _options(pattern: str) -> dict[str, Shown]:
    """Return the options of a pattern from the output that programs rely on."""
    with redirect_stdout(StringIO()) as output:
        run(["pattern", "show", pattern, "--json"])
    shown: dict[str, Shown] = json.loads(output.getvalue())["options"]
    return shown


def _is_alike(option: Shown, other: Shown | None) -> bool:
    """Return whether two patterns offer the same values with the same default, whatever they ask.

    What holds for one stack does not count, because a pattern may have only one.
    """
    wording = {"question", "help", "choices", "validator", "default_if"}
    return (
        other is not None
        and all(option[key] == other.get(key) for key in option if key not in wording)
        and _values(option) == _values(other)
    )


def _option_row(name: str, option: Shown) -> tuple[str, str, str, str]:
    notes = [option["question"]]
    notes += [f"{_option_value(value)} if `{when}`." for when, value in option["default_if"].items()]
    notes += [f"Only when `{option['when']}`."] if option.get("when") else []
    notes += ["Not asked."] if option["ask"] == "never" else []
    return f"`{name}`", _values(option), _option_value(option["default"]), " ".join(notes)


def _option_value(value: Any) -> str:
    return ("`yes`" if value else "`no`") if isinstance(value, bool) else _value(value)


def _values(option: Shown) -> str:
    if isinstance(option.get("choices"), dict):
        return " or ".join(f"`{choice}`" for choice in option["choices"])
    if option["type"] == "boolean":
        return "`yes` or `no`"
    if option["type"] == "list":
        return f"names of a {option['item']}" if option.get("item") else "list"
    if option["type"] == "string":
        return "text"
    if option["type"] == "data":
        return "a value in YAML or JSON"
    return f"{option['type']} from {option['minimum']:,} to {option['maximum']:,}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    main()
