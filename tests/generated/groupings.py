"""Groupings of a shop's contexts into services, and the architecture that each one means."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest

Grouping = list[list[str]]

CONTEXTS = ["identity", "catalog", "inventory", "cart", "orders", "payments"]
CALLS = {
    ("orders", "catalog"),
    ("orders", "cart"),
    ("orders", "inventory"),
    ("orders", "payments"),
    ("cart", "catalog"),
    ("payments", "identity"),
}
"""Calls between contexts, consumer and provider, of a shop with its own accounts."""
EVENT_CONTEXTS = [*CONTEXTS, "notifications", "analytics"]
"""Contexts of an event-driven shop."""
EVENT_CALLS = {("orders", "catalog"), ("orders", "cart"), ("cart", "catalog"), ("payments", "identity")}
"""Calls between the contexts of an event-driven shop."""
TRANSACTION = {"orders", "inventory", "payments", "cart"}
"""Contexts that an order changes."""

COARSE: Grouping = [["catalog", "cart"], ["orders", "payments", "inventory"], ["identity"]]
ONE: Grouping = [["identity", "catalog", "inventory", "cart", "orders", "payments"]]
LOCAL_PAYMENTS: Grouping = [["orders", "payments"], ["inventory", "cart", "catalog"], ["identity"]]
TRANSACTIONAL: Grouping = [["cart", "orders", "inventory", "payments"], ["catalog", "identity"]]
CHOSEN = {"coarse": COARSE, "one": ONE, "local payments": LOCAL_PAYMENTS, "transactional": TRANSACTIONAL}
"""Groupings of microservices whose whole suites are run."""
EVENTS_COARSE: Grouping = [
    ["catalog", "cart"],
    ["orders", "payments", "inventory"],
    ["identity", "notifications"],
    ["analytics"],
]
EVENTS_ONE: Grouping = [EVENT_CONTEXTS]
EVENTS_MIXED: Grouping = [
    ["notifications", "cart"],
    ["analytics", "orders"],
    ["identity", "catalog"],
    ["payments", "inventory"],
]
EVENTS_CHOSEN = {"coarse": EVENTS_COARSE, "one": EVENTS_ONE, "mixed": EVENTS_MIXED}
"""Groupings of an event-driven shop whose whole suites are run."""


def every_grouping(contexts: Sequence[str] = CONTEXTS) -> Iterator[Grouping]:
    """Yield each way to group the contexts; six have 203, and eight 4,140."""
    if not contexts:
        yield []
        return
    first, *others = contexts
    for groups in every_grouping(others):
        yield [[first], *groups]
        for number, group in enumerate(groups):
            yield [*groups[:number], [first, *group], *groups[number + 1 :]]


def batches(groupings: Sequence[Grouping], size: int, name: str, mark: pytest.MarkDecorator) -> Iterator[Any]:
    """Yield parameters of a test with so many of the groupings each, named after the first one's number."""
    for start in range(0, len(groupings), size):
        yield pytest.param(groupings[start : start + size], id=f"{name} {start}", marks=mark)


def service_of(grouping: Grouping) -> dict[str, str]:
    """Return the service that hosts each context: the first context of its group."""
    return {context: group[0] for group in grouping for context in group}


def calls(grouping: Grouping, contexts: Iterable[tuple[str, str]] = frozenset(CALLS)) -> set[tuple[str, str]]:
    """Return the calls between services, consumer and provider; `contexts` are those between contexts."""
    hosts = service_of(grouping)
    return {(hosts[by], hosts[to]) for by, to in contexts if hosts[by] != hosts[to]}


def needs_saga(grouping: Grouping) -> bool:
    """Return whether an order changes contexts of several services."""
    hosts = service_of(grouping)
    return len({hosts[context] for context in TRANSACTION}) > 1


def label(grouping: Grouping) -> str:
    """Return a short name of a grouping for test IDs."""
    return "_".join("+".join(each[:4] for each in group) for group in grouping)
