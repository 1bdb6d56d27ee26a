"""The result of an audit: what was found for each invariant."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of checking one invariant."""

    ok: bool
    violations: list[str]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of an audit. Some violations can be detected only at rest."""

    at_rest: bool
    ok: bool
    invariants: dict[str, Finding]
    counts: dict[str, int]
