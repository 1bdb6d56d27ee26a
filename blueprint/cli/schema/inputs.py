"""JSON Schemas of parameters, from the definitions that `--help` shows."""

import re
from collections.abc import Mapping
from typing import Any

TYPES = {"boolean": "boolean", "float": "number", "int": "integer", "integer range": "integer"}
"""JSON types by the name of a parameter's type; all others are text."""

_CHOICES = re.compile(r"\[([\w-]+(?:\|[\w-]+)+)\]")


def input_schema(name: str, command: Any) -> Mapping[str, Any]:
    """Return the schema of the parameters of a command: arguments in upper case, and options with dashes."""
    parameters = {_spelling(each): each for each in command.params if not each.hidden}
    return {
        "title": f"blueprint {name}",
        "description": " ".join(str(command.help).split()),
        "type": "object",
        "properties": {spelling: _parameter(each) for spelling, each in parameters.items()},
        "required": [spelling for spelling, each in parameters.items() if each.required],
        "additionalProperties": False,
    }


def _spelling(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar).strip("[]")
    return str(parameter.opts[0])


def _parameter(parameter: Any) -> Mapping[str, Any]:
    schema: dict[str, Any] = {"type": TYPES.get(parameter.type.name, "string")}
    choices = _CHOICES.fullmatch(parameter.metavar or "")
    if choices:
        schema["enum"] = choices[1].split("|")
    if getattr(parameter, "multiple", False) or parameter.nargs != 1:
        schema = {"type": "array", "items": schema}
    negative = "".join(f" {spelling} means false." for spelling in parameter.secondary_opts)
    return {"description": f"{' '.join((parameter.help or '').split())}{negative}", **schema}
