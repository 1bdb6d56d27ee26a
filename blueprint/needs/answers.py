"""Validate partial answers from a file, flags, a preset or questions, and complete them to Needs."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from blueprint.needs.defaults import fill_defaults
from blueprint.needs.errors import NeedsError
from blueprint.needs.flows import (
    CONSISTENCY_LEVELS,
    Flow,
    crossing_share,
    crossing_share_is_known,
    read_share,
    typical_level,
    typical_level_is_known,
)
from blueprint.needs.inputs import Input, InputValue, default_flows, inputs
from blueprint.needs.legacy import translate
from blueprint.needs.model import Needs
from blueprint.suggest import did_you_mean

NeedsAnswers = dict[str, Any]
_BOOLEANS = {
    **dict.fromkeys(("yes", "y", "true", "on"), True),
    **dict.fromkeys(("no", "n", "false", "off"), False),
}
MAX_FLOWS = 200
_QUOTE = "Quote a number, a date, and words such as yes and on."
FLOW_EXAMPLE = (
    "For example: {name: place order, kind: write, level: strong, modules: [orders, payments], share: 0.02}"
)


def complete(answers: Mapping[str, Any]) -> Needs:
    """Return the needs for some answers; inputs without an answer get their default and count as assumed.

    Keys are input names, and `flows` for a list of flows. None means "don't know". Raises NeedsError.
    """
    given = translate({key: value for key, value in answers.items() if value is not None})
    for key in given:
        check_name(key)
    values: dict[str, Any] = {name: spec.default for name, spec in inputs().items()}
    checked = {name: check_answer(inputs()[name], raw) for name, raw in given.items() if name != "flows"}
    flows = check_flows(given["flows"] if "flows" in given else default_flows())
    _refuse_summaries_with_flows(given)
    values |= checked
    answered = set(checked)
    if "flows" in given:
        values |= {"consistency": typical_level(flows), "cross_module_tx": crossing_share(flows)}
        answered |= {"flows"}
        answered |= {"consistency"} if typical_level_is_known(flows) else set()
        answered |= {"cross_module_tx"} if crossing_share_is_known(flows) else set()
        reads = read_share(flows)
        if reads is not None and "read_fraction" not in checked:
            values["read_fraction"] = reads
            answered |= {"read_fraction"}
    fill_defaults(values, answered)
    return Needs(**values, flows=flows, assumed=frozenset({*values, "flows"} - answered))


def overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> NeedsAnswers:
    """Merge two sets of answers; those of `above` take precedence.

    Detailed flows and the fields that summarize them exclude each other: giving one removes the other.
    """
    summaries = {"consistency", "cross_module_tx"}
    replaced = summaries if "flows" in above else {"flows"} if summaries & above.keys() else set()
    return {name: value for name, value in below.items() if name not in replaced} | dict(above)


def check_name(name: str, where: str = "") -> None:
    """Raise NeedsError if there is no input of this name, and suggest a similar one."""
    names = [*inputs(), "flows"]
    if name not in names:
        raise unknown_name(f"{where}{name}", name, names)


def unknown_name(label: str, name: str, names: Sequence[str]) -> NeedsError:
    """Return the error for an unknown name, with a suggestion if a known name is similar."""
    message = f"{label}: unknown name{did_you_mean(name, names)}"
    return NeedsError(message, hint=f"Known names: {', '.join(names)}.")


def check_answer(spec: Input, raw: object) -> InputValue:
    """Return one answer in the type of its input. Raises NeedsError if type or range is wrong."""
    if spec.type == "boolean":
        answer = _BOOLEANS.get(raw.lower()) if isinstance(raw, str) else raw
        if not isinstance(answer, bool):
            raise NeedsError(f"{spec.label}: {_short(raw)} is neither yes nor no", hint="Answer yes or no.")
        return answer
    if spec.type == "choice":
        choice: str = check_choice(spec.label, raw, spec.choices)
        return choice
    return _number(spec, raw)


def check_flows(raw: object) -> tuple[Flow, ...]:
    """Return the flows, each with a name, a kind, a level and modules. Raises NeedsError."""
    label = "consistency.flows"
    if not isinstance(raw, list) or not raw:
        raise NeedsError(
            f"{label}: expected a list of flows", hint="Leave it out if you don't know your flows."
        )
    if len(raw) > MAX_FLOWS:
        raise NeedsError(
            f"{label}: {len(raw)} flows exceed the limit of {MAX_FLOWS}", hint="List the largest flows."
        )
    return tuple(_flow(f"{label}[{number}]", row) for number, row in enumerate(raw))


def _flow(label: str, row: object) -> Flow:
    if not isinstance(row, dict):
        raise NeedsError(f"{label}: expected name, kind, level and modules", hint=FLOW_EXAMPLE)
    keys = ["name", "kind", "level", "modules", "share"]
    for key in row:
        if key not in keys:
            raise unknown_name(f"{label}.{key}", str(key), keys)
    name, modules = row.get("name"), row.get("modules")
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > 80:
        raise NeedsError(
            f"{label}.name: expected one line of at most 80 characters",
            hint=f"For example: place order. {_QUOTE}",
        )
    if not isinstance(modules, list) or not modules or len(modules) > 50 or not all(map(_is_module, modules)):
        raise NeedsError(
            f"{label}.modules: expected 1 to 50 names of at most 40 characters",
            hint=f"For example: [orders, payments]. {_QUOTE}",
        )
    return Flow(
        name=name,
        kind=check_choice(f"{label}.kind", row.get("kind", "write"), ("read", "write")),
        level=check_choice(f"{label}.level", row.get("level"), CONSISTENCY_LEVELS),
        modules=tuple(dict.fromkeys(modules)),
        share=_share(f"{label}.share", row.get("share")),
    )


def _share(label: str, raw: object) -> float | None:
    share = _finite(raw)
    if raw is not None and (share is None or not 0 <= share <= 1):
        raise NeedsError(
            f"{label}: expected a share of all requests from 0 to 1",
            hint="For example: 0.02 for 2 of 100 requests. Leave it out if you don't know.",
        )
    return share


def _is_module(name: object) -> bool:
    return isinstance(name, str) and name.strip() != "" and len(name) <= 40 and name.isprintable()


def check_choice(label: str, raw: object, choices: Sequence[str]) -> Any:
    """Return `raw` if it is one of the choices. Raises NeedsError, which suggests a similar choice."""
    if isinstance(raw, str) and raw in choices:
        return raw
    message = f"{label}: {_short(raw)} is not a valid choice{did_you_mean(str(raw), choices)}"
    raise NeedsError(message, hint=f"Choose one of: {', '.join(choices)}.")


def _number(spec: Input, raw: object) -> float | int:
    number = _finite(raw)
    kind = "a whole number" if spec.type == "integer" else "a number"
    hint = f"Enter {kind} from {spec.minimum:,.10g} to {spec.maximum:,.10g} ({spec.unit})."
    if number is None:
        form = " Write digits only, without commas and units." if isinstance(raw, str) else ""
        raise NeedsError(f"{spec.label}: {_short(raw)} is not a number", hint=f"{hint}{form}")
    if spec.type == "integer" and number != int(number):
        raise NeedsError(f"{spec.label}: {_short(raw)} is not a whole number", hint=hint)
    low, high = spec.minimum, spec.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise NeedsError(f"{spec.label}: {_short(raw)} is out of range", hint=hint)
    return int(number) if spec.type == "integer" else number


def _finite(raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        number = float(raw)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _short(raw: object) -> str:
    text = str(raw) if isinstance(raw, date) else repr(raw)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _refuse_summaries_with_flows(given: Mapping[str, Any]) -> None:
    for name in ("consistency", "cross_module_tx"):
        if "flows" in given and name in given:
            raise NeedsError(
                f"consistency.{name}: cannot be combined with flows, which determine it",
                hint=f"Remove either the flows or {name}.",
            )
