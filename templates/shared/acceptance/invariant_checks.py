"""Checks of the invariants that compare a load client's journal with the current state of the shop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .client import TERMINAL
from .journal import Journal

MAX_SHOWN = 20

State = str | None
"""Current state of an order as a user reads it; None for 404."""


@dataclass
class CheckResult:
    """Result of checking one invariant: the number of cases checked, and the violations."""

    invariant: str
    checked: int = 0
    violations: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether there are no violations."""
        return not self.violations


def one_key_one_order(journal: Journal) -> CheckResult:
    """Check I6: all responses to one key of one owner show the same order."""
    check = CheckResult("I6", len(journal.keys))
    for (_, key), orders in journal.keys.items():
        if len(orders) > 1:
            check.violations.append(f"key {key} created several orders: {', '.join(sorted(orders))}")
    return check


def terminal_states_stay(journal: Journal, now: Mapping[str, State]) -> CheckResult:
    """Check I7: a terminal state never changes, except from CONFIRMED to CANCELLED."""
    check = CheckResult("I7", len(now))
    for order, state in now.items():
        before = journal.states[order] & TERMINAL
        if state is not None and not _may_become(before, state):
            check.violations.append(f"order {order} was {', '.join(sorted(before))} and is {state}")
    return check


def seen_orders_exist(now: Mapping[str, State]) -> CheckResult:
    """Check I8: each order that a client has seen can be read by its owner."""
    missing = [
        f"order {order} was accepted, but no longer exists" for order, state in now.items() if state is None
    ]
    return CheckResult("I8", len(now), missing)


def orders_have_ended(now: Mapping[str, State]) -> CheckResult:
    """Check I5: each order that a client has seen is in a terminal state."""
    waiting = [f"order {order} is {state}" for order, state in now.items() if state not in {None, *TERMINAL}]
    return CheckResult("I5", len(now), waiting)


def strangers_read_nothing(orders: Iterable[str], read_as_stranger: Callable[[str], State]) -> CheckResult:
    """Check I10: another user can read none of the orders."""
    check = CheckResult("I10")
    for order in orders:
        check.checked += 1
        if read_as_stranger(order) is not None:
            check.violations.append(f"order {order} can be read by a user who does not own it")
    return check


def _may_become(before: set[str], state: str) -> bool:
    return before <= {state} or (state == "CANCELLED" and before <= {"CONFIRMED", "CANCELLED"})
