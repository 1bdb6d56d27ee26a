"""Read needs.yaml files, and write them with a comment for each field."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from types import MappingProxyType

import yaml

from blueprint.documents import DocumentError, parse_document, read_document
from blueprint.needs.answers import NeedsAnswers
from blueprint.needs.errors import NeedsError
from blueprint.needs.flows import Flow
from blueprint.needs.grouped import FORMAT, answers_in
from blueprint.needs.inputs import FLOWS_QUESTION, Input, InputValue, groups, inputs
from blueprint.needs.model import Needs

HELP_WIDTH = 100
DERIVED = ("consistency", "cross_module_tx")


def read_needs_file(path: Path) -> NeedsAnswers:
    """Return the answers in a needs.yaml file; inputs without one are missing. Raises NeedsError."""
    try:
        document = read_document(path)
    except OSError as error:
        raise NeedsError(
            f"{path}: {error.strerror}", hint="Check the path of the needs.yaml file."
        ) from error
    except DocumentError as error:
        raise _document_error(error, str(path)) from error
    return answers_in(document.data, str(path))


def parse_needs(text: str, name: str) -> NeedsAnswers:
    """Return the answers in the text of a needs.yaml file called `name`. Raises NeedsError."""
    try:
        document = parse_document(text)
    except DocumentError as error:
        raise _document_error(error, name) from error
    return answers_in(document.data, name)


def _document_error(error: DocumentError, name: str) -> NeedsError:
    line = f" line {error.line}:" if error.line else ""
    hint = "Run `blueprint recommend --yes --save FILE` to get a valid example."
    return NeedsError(f"{name}:{line} {error.message}", hint=hint)


def to_yaml(needs: Needs, evidence: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the text of a needs.yaml file with the answers as values and the assumptions as comments.

    `evidence` says of measured inputs, by name, how they were measured.
    """
    lines = [
        "# Needs of this system, for `blueprint recommend --needs FILE`.",
        "# A field that is commented out has no answer: its value is an assumption.",
        f"format: {FORMAT}",
    ]
    for group in groups().values():
        lines += ["", f"{group.name}:  # {group.title}{'' if group.required else ' (optional)'}"]
        for spec in inputs().values():
            if spec.group == group.name:
                lines += _input_lines(spec, needs, evidence.get(spec.name))
        if group.name == "consistency":
            lines += _flow_lines(needs)
    return "\n".join(lines) + "\n"


def _input_lines(spec: Input, needs: Needs, evidence: str | None) -> list[str]:
    if spec.name in DERIVED and "flows" not in needs.assumed:
        return []
    mark = "# " if spec.name in needs.assumed else ""
    value = yaml_scalar(getattr(needs, spec.name))
    unit = " | ".join(spec.choices) if spec.choices else spec.unit
    comment = f"  # {unit}" if unit else ""
    texts = [*wrap(spec.help, HELP_WIDTH), *(wrap(f"Measured: {evidence}", HELP_WIDTH) if evidence else [])]
    help_lines = [f"  #   {line}" for line in texts]
    return [f"  # {spec.question}", *help_lines, f"  {mark}{spec.name}: {value}{comment}"]


def _flow_lines(needs: Needs) -> list[str]:
    mark = "# " if "flows" in needs.assumed else ""
    head = [
        f"  # {FLOWS_QUESTION}",
        "  #   kind: read | write; level: eventual | read_your_writes | strong",
        "  #   share: of all requests, from 0 to 1; leave it out if you don't know",
        f"  {mark}flows:",
    ]
    return head + [f"  {mark}  - {_flow(flow)}" for flow in needs.flows]


def _flow(flow: Flow) -> str:
    row = {**flow._asdict(), "modules": list(flow.modules)}
    if flow.share is None:
        del row["share"]
    return yaml.safe_dump(
        row, default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True
    ).strip()


def yaml_scalar(value: InputValue) -> str:
    """Return a value as YAML on one line; a whole float has no decimal point."""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return yaml.safe_dump(value, allow_unicode=True).removesuffix("...\n").strip()
