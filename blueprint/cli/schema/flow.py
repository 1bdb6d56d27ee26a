"""Steps of `blueprint schema`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blueprint.errors import UsageError
from blueprint.needs import schema as needs
from blueprint.patterns import model as patterns
from blueprint.suggest import did_you_mean

from ..console import Console
from .inputs import input_schema
from .outputs import OUTPUTS, error_schema, output_schema

FILES = {"needs.yaml": needs.json_schema, "pattern.yaml": patterns.json_schema}
"""Schemas of files that users write."""


@dataclass(frozen=True)
class Schemas:
    """Schemas of one command or file, or of all."""

    content: Mapping[str, Any]

    def as_json(self) -> Mapping[str, Any]:
        """Return the schemas."""
        return self.content

    def describe(self, console: Console) -> None:
        """Print the schemas; they are JSON for people, too."""
        console.result(self)


def find_schemas(verb: str, app: Any) -> Schemas:
    """Return the schemas of `verb`, or of everything if it is empty. Raises UsageError.

    `app` is the command line, with the parameters of each command.
    """
    commands = {name: command for name, command in named_commands(app) if name in OUTPUTS}
    if not verb:
        verbs = {name: _schemas(name, command) for name, command in commands.items()}
        return Schemas({"verbs": verbs, "files": {name: schema() for name, schema in FILES.items()}})
    if verb in FILES:
        return Schemas(FILES[verb]())
    if verb not in commands:
        known = [*commands, *FILES]
        raise UsageError(
            f"there is no schema of {verb!r}{did_you_mean(verb, known)}", hint=f"Known: {', '.join(known)}."
        )
    return Schemas(_schemas(verb, commands[verb]))


def _schemas(name: str, command: Any) -> Mapping[str, Any]:
    return {
        "input": input_schema(name, command),
        "output": output_schema(name),
        "error": error_schema(),
    }


def named_commands(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each command that is not a group, with the words that run it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from named_commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command
