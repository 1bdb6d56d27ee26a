"""What a journal of sightings says about the invariants when it is held against the shop as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .client import TERMINAL
from .journal import Journal

MAX_SHOWN = 20

State = str | None
"""An order's state as somebody reads it now; None for 404."""


@dataclass
class CheckResult:
    """An invariant, how many cases were looked at, and what was found against it."""

    invariant: str
    checked: int = 0
    violations: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.violations


def one_key_one_order(journal: Journal) -> CheckResult:
    """I6: all answers under one key of one owner showed one order."""
    check = CheckResult("I6", len(journal.keys))
    for (_, key), orders in journal.keys.items():
        if len(orders) > 1:
            check.violations.append(f"key {key} made the orders {', '.join(sorted(orders))}")
    return check


def terminal_states_stay(journal: Journal, now: Mapping[str, State]) -> CheckResult:
    """I7: the terminal states ever seen are one, or CONFIRMED and then CANCELLED."""
    check = CheckResult("I7", len(now))
    for order, state in now.items():
        before = journal.states[order] & TERMINAL
        if state is not None and not _may_become(before, state):
            check.violations.append(f"order {order} was {', '.join(sorted(before))} and is {state}")
    return check


def seen_orders_exist(now: Mapping[str, State]) -> CheckResult:
    """I8: each order that a client was shown can be read by its owner."""
    missing = [f"order {order} was accepted and is gone" for order, state in now.items() if state is None]
    return CheckResult("I8", len(now), missing)


def orders_have_ended(now: Mapping[str, State]) -> CheckResult:
    """I5: each order that a client was shown has ended."""
    waiting = [f"order {order} is {state}" for order, state in now.items() if state not in {None, *TERMINAL}]
    return CheckResult("I5", len(now), waiting)


def strangers_read_nothing(orders: Iterable[str], read_as_stranger: Callable[[str], State]) -> CheckResult:
    """I10: another user reads none of the orders."""
    check = CheckResult("I10")
    for order in orders:
        check.checked += 1
        if read_as_stranger(order) is not None:
            check.violations.append(f"order {order} was read by a user who does not own it")
    return check


def _may_become(before: set[str], state: str) -> bool:
    return before <= {state} or (state == "CANCELLED" and before <= {"CONFIRMED", "CANCELLED"})
