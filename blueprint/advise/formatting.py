"""How values and changes read in a sentence."""

from blueprint.advise.break_even import BreakEvenPoint, InputChange
from blueprint.advise.decide import NO_PATTERN
from blueprint.needs.inputs import InputValue, inputs

UNITS = {"ratio": "x", "percent": " %"} | dict.fromkeys(
    ("", "share", "points", "Zipf exponent", "people", "teams", "consumers", "items"), ""
)


def value_text(name: str, value: InputValue) -> str:
    """A value with its unit, as a person would write it."""
    if value is None:
        return "no limit" if name == "budget_usd_month" else "not measured"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.replace("_", " ")
    unit = UNITS.get(inputs()[name].unit, f" {inputs()[name].unit}") if name in inputs() else ""
    return f"{number_text(value)}{unit}"


def number_text(value: float) -> str:
    """A number with as many digits as a reader needs: three, or all of a whole number."""
    if value == int(value):
        return f"{value:,.0f}"
    if value >= 99:
        return f"{value:,.7g}" if value < 100 else f"{value:,.0f}"
    return f"{value:.3g}"


def share_text(share: float) -> str:
    """A share as a percentage that never rounds to certainty."""
    if 0.995 <= share < 1:
        return "over 99%"
    return "under 1%" if 0 < share < 0.005 else f"{share:.0%}"


def label_text(name: str) -> str:
    """An input's name in a sentence."""
    return name.replace("_", " ").replace("rps", "traffic").replace(" ms", "").replace(" tx", " transactions")


def change_text(change: InputChange) -> str:
    """A change as a condition, for example `engineers >= 34`."""
    spec = inputs()[change.input]
    value = value_text(change.input, change.to)
    if (spec.steps() and not isinstance(change.to, int)) or isinstance(change.to, bool):
        return f"{label_text(change.input)} = {value}"
    return f"{label_text(change.input)} {'>=' if change.rising else '<='} {value}"


def break_even_text(point: BreakEvenPoint) -> str:
    """A break-even point as a sentence without its subject."""
    return f"{outcome_text(point.label)} if " + " and ".join(map(change_text, point.changes))


def outcome_text(label: str) -> str:
    """What happens to the answer."""
    return "fits no pattern" if label == NO_PATTERN else f"becomes {label}"
