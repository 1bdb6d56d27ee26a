"""The patterns that compete: the three built-in ones and those that template authors bring."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from blueprint.advise.capacity_plan import Shape
from blueprint.advise.errors import TermError
from blueprint.advise.terms import Term, built_in_terms, compile_terms

MONOLITH, MICROSERVICES, EVENT_DRIVEN = "monolith", "microservices", "event-driven"
CONTEXTS = ("catalog", "cart", "orders", "identity", "inventory", "payments")
EVENT_DRIVEN_DEPLOYABLES = ("edge", "workers", "read-models")
HINTS: Mapping[str, type] = {"deployables": int, "databases": int, "chained": bool, "broker": bool}
MAX_PARTS = 100


class Candidate(NamedTuple):
    """A pattern with its terms and its shape. The score of the reference, the monolith, is 0."""

    name: str
    title: str
    terms: tuple[Term, ...]
    shape: Shape

    @property
    def split(self) -> bool:
        """Whether it is more than one deployable."""
        return len(self.shape.parts) > 1


@cache
def built_in_candidates() -> tuple[Candidate, ...]:
    """Monolith, microservices and event-driven, in the order that breaks ties.

    Microservices: the six contexts of the generated shop with a database each. Event-driven: three
    deployables (edge, workers, read models), each with its own tables, around a log broker.
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
            Shape(EVENT_DRIVEN_DEPLOYABLES, len(EVENT_DRIVEN_DEPLOYABLES), broker=True),
        ),
    )


def candidate_from(name: str, title: str, recommend: object) -> Candidate:
    """A template author's pattern from the `recommend:` section of its pattern.yaml."""
    if not isinstance(recommend, Mapping) or not isinstance(recommend.get("terms"), list):
        raise TermError(f"{name}: recommend: expected terms and capacity", hint="See docs/model.md.")
    for key in recommend:
        if key not in ("terms", "capacity"):
            raise TermError(f"{name}: recommend.{key}: unknown word", hint="Known are terms and capacity.")
    rows: list[Mapping[str, Any]] = recommend["terms"]
    if not rows or not all(isinstance(row, Mapping) for row in rows):
        raise TermError(f"{name}: recommend.terms: expected a list of terms", hint="See docs/model.md.")
    return Candidate(name, title, compile_terms(rows, name), _shape(name, recommend.get("capacity") or {}))


def _shape(name: str, hints: object) -> Shape:
    where = f"{name}: recommend.capacity"
    if not isinstance(hints, Mapping):
        raise TermError(f"{where}: expected hints", hint=f"Known are {', '.join(HINTS)}.")
    for key, value in hints.items():
        if key not in HINTS:
            raise TermError(f"{where}.{key}: unknown hint", hint=f"Known are {', '.join(HINTS)}.")
        whole = HINTS[key] is int
        if type(value) is not HINTS[key] or (whole and value not in range(1, MAX_PARTS + 1)):
            allowed = f"1 to {MAX_PARTS}" if whole else "true or false"
            raise TermError(f"{where}.{key}: {value!r} is not {allowed}", hint="See docs/model.md.")
    parts = tuple(f"part-{number + 1}" for number in range(hints.get("deployables", 1)))
    return Shape(
        parts if len(parts) > 1 else ("app",), **{k: v for k, v in hints.items() if k != "deployables"}
    )
