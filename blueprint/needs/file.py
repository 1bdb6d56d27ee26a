"""needs.yaml: read with errors that name the field, written with comments."""

from pathlib import Path
from typing import Any

import yaml

from blueprint.documents import DocumentError, parse_document, read_document
from blueprint.needs.answers import NeedsAnswers, check_answer, check_name, unknown_name
from blueprint.needs.errors import NeedsError
from blueprint.needs.inputs import Input, InputValue, groups, inputs
from blueprint.needs.model import Flow, Needs

FORMAT = 1
DERIVED = ("consistency", "cross_module_tx")


def read_needs_file(path: Path) -> NeedsAnswers:
    """The answers in a needs.yaml file; inputs that it leaves out are missing from the result."""
    try:
        document = read_document(path)
    except OSError as error:
        raise NeedsError(f"{path}: {error.strerror}", hint="Name a readable needs.yaml file.") from error
    except DocumentError as error:
        raise _no_document(error, str(path)) from error
    return _answers(document.data, str(path))


def parse_needs(text: str, name: str) -> NeedsAnswers:
    """The answers in the text of a needs.yaml file called `name`."""
    try:
        document = parse_document(text)
    except DocumentError as error:
        raise _no_document(error, name) from error
    return _answers(document.data, name)


def _no_document(error: DocumentError, name: str) -> NeedsError:
    line = f" line {error.line}:" if error.line else ""
    return NeedsError(f"{name}:{line} {error.message}", hint="Compare with the file that `--save` writes.")


def _answers(document: Any, name: str) -> NeedsAnswers:
    if not isinstance(document, dict):
        raise NeedsError(f"{name}: expected groups such as `traffic:`", hint=_example("traffic"))
    if document.get("format", FORMAT) != FORMAT:
        raise NeedsError(
            f"{name}: format: only format {FORMAT} is known", hint="Update blueprint to read this file."
        )
    answers: NeedsAnswers = {}
    for group, rows in document.items():
        if group == "format" or (rows is None and group in groups()):
            continue
        if group not in groups():
            raise unknown_name(f"{name}: {group}", str(group), list(groups()))
        if not isinstance(rows, dict):
            raise NeedsError(f"{name}: {group}: expected `input: value` lines", hint=_example(group))
        for key, value in rows.items():
            _add_answer(answers, group, str(key), value, name)
    return answers


def _add_answer(answers: NeedsAnswers, group: str, key: str, value: object, name: str) -> None:
    if group == "consistency" and key == "flows":
        answers["flows"] = value
        return
    check_name(key, where=f"{name}: {group}.")
    spec = inputs().get(key)
    if spec is None or spec.group != group:
        home = spec.group if spec else "consistency"
        raise NeedsError(f"{name}: {group}.{key}: belongs to {home}", hint=f"Move it below `{home}:`.")
    if value is not None:
        answers[key] = check_answer(spec, value)


def _example(group: str) -> str:
    spec = next(i for i in inputs().values() if i.group == group)
    return f"For example: `{group}:` and below it `  {spec.name}: {yaml_scalar(spec.default)}`."


def to_yaml(needs: Needs) -> str:
    """The text of a needs.yaml: what was answered as values, what was assumed as comments."""
    lines = [
        "# What this system needs, for `blueprint recommend --needs FILE`.",
        "# A line that is commented out was not answered: its value is an assumption.",
        f"format: {FORMAT}",
    ]
    for group in groups().values():
        lines += ["", f"{group.name}:  # {group.title}{'' if group.required else ' (optional)'}"]
        for spec in inputs().values():
            if spec.group == group.name:
                lines += _input_lines(spec, needs)
        if group.name == "consistency":
            lines += _flow_lines(needs)
    return "\n".join(lines) + "\n"


def _input_lines(spec: Input, needs: Needs) -> list[str]:
    if spec.name in DERIVED and "flows" not in needs.assumed:
        return []
    mark = "# " if spec.name in needs.assumed else ""
    value = yaml_scalar(getattr(needs, spec.name))
    unit = " | ".join(spec.choices) if spec.choices else spec.unit
    comment = f"  # {unit}" if unit else ""
    return [f"  # {spec.question}", f"  #   {spec.help}", f"  {mark}{spec.name}: {value}{comment}"]


def _flow_lines(needs: Needs) -> list[str]:
    mark = "# " if "flows" in needs.assumed else ""
    head = [
        "  # Which flows are there, how consistent must each be, and which modules does it touch?",
        "  #   kind: read | write; level: eventual | read_your_writes | strong",
        f"  {mark}flows:",
    ]
    return head + [f"  {mark}  - {_flow(flow)}" for flow in needs.flows]


def _flow(flow: Flow) -> str:
    row = {"name": flow.name, "kind": flow.kind, "level": flow.level, "modules": list(flow.modules)}
    return yaml.safe_dump(
        row, default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True
    ).strip()


def yaml_scalar(value: InputValue) -> str:
    """A value as YAML writes it on one line."""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return yaml.safe_dump(value, allow_unicode=True).removesuffix("...\n").strip()
