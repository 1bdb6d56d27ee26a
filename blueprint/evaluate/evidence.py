"""What an evaluation yields: measured inputs, facts about today's system, and findings."""

from typing import NamedTuple

from blueprint.needs.inputs import InputValue


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
