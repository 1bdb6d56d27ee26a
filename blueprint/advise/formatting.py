"""Values, changes and outcomes as text for sentences and tables."""

from collections.abc import Sequence

from blueprint.advise.break_even import BreakEvenPoint, InputChange
from blueprint.advise.datafiles import load
from blueprint.advise.decide import NO_PATTERN
from blueprint.advise.result import Confidence, GroupingOption
from blueprint.needs.facts import DERIVED_FACTS
from blueprint.needs.inputs import InputValue, inputs

NO_BREAK_EVEN_POINT = "No change within a factor of 1,000"
NEAR_GROUPINGS = "If some are about equally good, the one with the fewest deployables is recommended"
UNITS = {"ratio": "x", "percent": "%"} | dict.fromkeys(
    ("", "share", "points", "Zipf exponent", "people", "teams", "consumers", "items"), ""
)


def value_text(name: str, value: InputValue) -> str:
    """Return the value of an input with its unit."""
    if value is None:
        return "no limit" if name == "budget_usd_month" else "not measured"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.replace("_", " ")
    if name in DERIVED_FACTS:
        return f"{number_text(value)} {DERIVED_FACTS[name].unit}"
    unit = UNITS.get(inputs()[name].unit, f" {inputs()[name].unit}") if name in inputs() else ""
    return f"{number_text(value)}{unit}"


def values_text(values: Sequence[tuple[str, InputValue]]) -> str:
    """Return the values of a term's inputs, with the names of the inputs if there are several."""
    if len(values) == 1:
        return value_text(*values[0])
    return ", ".join(f"{label_text(name)} {value_text(name, value)}" for name, value in values)


def number_text(value: float) -> str:
    """Return a number with three significant digits, or with all digits if it is whole or near 100."""
    if value == int(value):
        return f"{value:,.0f}"
    if value >= 99:
        return f"{value:,.7g}" if value < 100 else f"{value:,.0f}"
    return f"{value:.3g}"


def usd_text(usd: float) -> str:
    """Return an estimated amount of money with three significant digits."""
    return f"{float(f'{usd:.3g}'):,.0f} USD"


def count_text(number: int, noun: str) -> str:
    """Return a number of things: `1 server`, `2 servers`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def share_text(share: float) -> str:
    """Return a share as a percentage; a share between 0 and 1 never rounds to 0% or 100%."""
    if 0.995 <= share < 1:
        return "over 99%"
    return "under 1%" if 0 < share < 0.005 else f"{share:.0%}"


def confidence_text(confidence: Confidence) -> str:
    """Return the level of confidence with the two shares that decide it."""
    probability = share_text(confidence.probability)
    return f"{confidence.level} (probability {probability}, {robustness_text(confidence.robustness)})"


def robustness_text(robustness: float) -> str:
    """Return how many of the simulated variations keep the recommendation."""
    samples = load("model")["uncertainty"]["samples"]
    return f"unchanged in {share_text(robustness)} of {samples:,} simulated variations"


def label_text(name: str) -> str:
    """Return the name of an input, or of the flows, in a sentence."""
    return inputs()[name].short if name in inputs() else name


def change_text(change: InputChange) -> str:
    """Return a change as a condition, for example `engineers >= 34`."""
    return f"{label_text(change.input)} {threshold_text(change)}"


def threshold_text(change: InputChange) -> str:
    """Return the value that a change reaches with its comparison, for example `>= 34`."""
    value = value_text(change.input, change.to)
    if isinstance(change.to, bool | str):
        return f"= {value}"
    return f"{'>=' if change.rising else '<='} {value}"


def break_even_text(point: BreakEvenPoint) -> str:
    """Return a break-even point as a sentence without a period."""
    conditions = " and ".join(map(change_text, point.changes))
    return sentence_case(f"{outcome_text(point.label)} if {conditions}")


def grouping_text(option: GroupingOption) -> str:
    """Return what a grouping gains and costs beside one deployable, and the gates that it fails."""
    lines = [f"{line.term} {line.points:+.2f}" for line in (*option.gains, *option.costs)]
    parts = [", ".join(lines)] if lines else []
    parts += [f"saga: {', '.join(option.sagas)}"] if option.sagas else []
    parts += [f"{gate.id}: {gate.reason}" for gate in option.gates]
    return "; ".join(parts) or "the reference"


def gap_text(gap: float) -> str:
    """Return how many points the runner-up is behind; if it is ahead, a gate excludes it."""
    return f"{gap:.2f} points behind" if gap >= 0 else f"{-gap:.2f} points ahead, but excluded by a gate"


def sentence_case(text: str) -> str:
    """Return the text with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def outcome_text(label: str) -> str:
    """Return what happens to the recommendation, as a clause."""
    return "no pattern fits" if label == NO_PATTERN else f"the recommendation becomes {label}"
