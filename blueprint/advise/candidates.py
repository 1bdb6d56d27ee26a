"""Candidates: the built-in patterns and those of template authors, with their terms and shapes."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from blueprint.advise.capacity_plan import Shape
from blueprint.advise.errors import TermError
from blueprint.advise.terms import Term, built_in_terms, compile_terms

MONOLITH, MICROSERVICES, EVENT_DRIVEN = "monolith", "microservices", "event-driven"
BUILT_IN = (MONOLITH, MICROSERVICES, EVENT_DRIVEN)
CONTEXTS = ("catalog", "cart", "orders", "identity", "inventory", "payments")
EVENT_DRIVEN_SERVICES = (*CONTEXTS, "notifications", "analytics")
EVENT_DRIVEN_WORKERS = ("inventory", "cart", "orders", "payments")
EVENT_DRIVEN_WITHOUT_API = ("notifications",)
HINTS: Mapping[str, type] = {"deployables": int, "databases": int, "chained": bool, "broker": bool}
MAX_PARTS = 100
TERMS_EXAMPLE = "For example: `terms: [{name: premium, points: -0.5}]`."


class Candidate(NamedTuple):
    """A pattern that competes, with its terms and its shape; the monolith is the reference with score 0.

    `measured` says whether the user measured this pattern and every other one. Then their latencies can be
    compared, and one that misses a given target rules its pattern out.
    """

    name: str
    title: str
    terms: tuple[Term, ...]
    shape: Shape
    measured: bool = False

    @property
    def split(self) -> bool:
        """Whether the pattern has more than one deployable."""
        return len(self.shape.parts) > 1


@cache
def built_in_candidates() -> tuple[Candidate, ...]:
    """Return monolith, microservices and event-driven; on a tie, the earlier one wins.

    Microservices: the six contexts of the generated shop with a database each. Event-driven: these and two
    services that only consume events, around a log broker. The last one consumes the streams. Four handle
    the events of orders in separate workers.
    """
    return (
        Candidate(MONOLITH, "Modular monolith", built_in_terms(MONOLITH), Shape()),
        Candidate(
            MICROSERVICES,
            "Microservices",
            built_in_terms(MICROSERVICES),
            Shape(CONTEXTS, len(CONTEXTS), chained=True),
        ),
        Candidate(
            EVENT_DRIVEN,
            "Event-driven",
            built_in_terms(EVENT_DRIVEN),
            Shape(
                EVENT_DRIVEN_SERVICES,
                len(EVENT_DRIVEN_SERVICES),
                broker=True,
                workers=EVENT_DRIVEN_WORKERS,
            ),
        ),
    )


def candidate_from(name: str, title: str, recommend: object) -> Candidate:
    """Return a pattern from the `recommend:` section of its pattern.yaml. Raises TermError."""
    if not isinstance(recommend, Mapping) or not isinstance(recommend.get("terms"), list):
        raise TermError(f"{name}: recommend: `terms:` is missing", hint=TERMS_EXAMPLE)
    for key in recommend:
        if key not in ("terms", "capacity"):
            raise TermError(f"{name}: recommend.{key}: unknown key", hint="Known keys: terms, capacity.")
    rows: list[Mapping[str, Any]] = recommend["terms"]
    if not rows or not all(isinstance(row, Mapping) for row in rows):
        raise TermError(f"{name}: recommend.terms: expected a list of terms", hint=TERMS_EXAMPLE)
    return Candidate(name, title, compile_terms(rows, name), _shape(name, recommend.get("capacity") or {}))


def _shape(name: str, hints: object) -> Shape:
    where = f"{name}: recommend.capacity"
    known = f"Known keys: {', '.join(HINTS)}."
    if not isinstance(hints, Mapping):
        raise TermError(f"{where}: expected a mapping", hint=known)
    for key, value in hints.items():
        if key not in HINTS:
            raise TermError(f"{where}.{key}: unknown key", hint=known)
        whole = HINTS[key] is int
        if type(value) is not HINTS[key] or (whole and value not in range(1, MAX_PARTS + 1)):
            allowed = f"a whole number from 1 to {MAX_PARTS}" if whole else "true or false"
            raise TermError(f"{where}.{key}: {value!r} is invalid", hint=f"Use {allowed}.")
    parts = tuple(f"part-{number + 1}" for number in range(hints.get("deployables", 1)))
    return Shape(
        parts if len(parts) > 1 else ("app",), **{k: v for k, v in hints.items() if k != "deployables"}
    )
