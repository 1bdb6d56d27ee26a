"""What an evaluation yields: measured inputs, facts about today's system, and findings."""

from collections.abc import Iterable
from typing import NamedTuple

from blueprint.needs.answers import NeedsAnswers
from blueprint.needs.inputs import Input, InputValue, inputs


class Measurement(NamedTuple):
    """Value of an input that was read off the system, with a 95 % interval and its evidence.

    The interval covers chance, not a log that leaves something out. For a choice, both ends are the value.
    """

    input: str
    estimate: InputValue
    low: InputValue
    high: InputValue
    evidence: str


class Fact(NamedTuple):
    """A figure of today's system that is not an input of the recommendation."""

    name: str
    value: str
    evidence: str


class Finding(NamedTuple):
    """A weakness of today's system, with its evidence and what to do."""

    kind: str
    text: str
    evidence: str
    action: str


class Evidence(NamedTuple):
    """What one source yielded.

    `notes` say what limits it. `pattern` is the pattern of today's system, if the source shows it.
    """

    measurements: tuple[Measurement, ...] = ()
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    pattern: str | None = None


def merged(sources: Iterable[Evidence]) -> Evidence:
    """Return the evidence of several sources; of two for one input or for the pattern, the first counts."""
    sources = list(sources)
    measured: dict[str, Measurement] = {}
    for measurement in (each for source in sources for each in source.measurements):
        measured.setdefault(measurement.input, measurement)
    return Evidence(
        tuple(measured[name] for name in inputs() if name in measured),
        tuple(fact for source in sources for fact in source.facts),
        tuple(finding for source in sources for finding in source.findings),
        tuple(note for source in sources for note in source.notes),
        next((source.pattern for source in sources if source.pattern), None),
    )


def answers_of(evidence: Evidence) -> NeedsAnswers:
    """Return the measured values as answers, within the range that each input has."""
    return {each.input: _answer(inputs()[each.input], each.estimate) for each in evidence.measurements}


def _answer(spec: Input, value: InputValue) -> InputValue:
    if spec.type not in ("number", "integer") or not isinstance(value, int | float):
        return value
    low, high = spec.minimum or 0.0, spec.maximum or value
    bounded = min(max(value, low), high)
    return round(bounded) if spec.type == "integer" else significant(bounded)


def significant(value: float) -> float:
    """Return a value with four significant digits, so that needs.yaml shows no false precision."""
    return float(f"{value:.4g}")
