"""Patterns outside blueprint that compete in a recommendation."""

import os

from blueprint.advise.candidates import Candidate, candidate_from
from blueprint.patterns import Pattern
from blueprint.sources import find_pattern


def candidate_named(text: str) -> Candidate:
    """Find a pattern by name or location; unlike for `new`, a folder needs no slash.

    Raises BlueprintError, also if the pattern has no `recommend:` section.
    """
    return _candidate(find_pattern(os.path.join(".", text) if os.path.isdir(text) else text))


def candidates_with(text: str | None) -> tuple[Candidate, ...]:
    """Return the pattern that `text` names if it has a `recommend:` section. Raises BlueprintError."""
    pattern = find_pattern(text) if text else None
    return (_candidate(pattern),) if pattern and pattern.recommend else ()


def _candidate(pattern: Pattern) -> Candidate:
    return candidate_from(pattern.name, pattern.title, pattern.recommend)
