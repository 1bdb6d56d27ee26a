"""Ledger entries: every movement debits one account and credits another."""

from typing import Any
from uuid import UUID

from chassis.clock import now
from chassis.db.connections import Rows
from chassis.ids import new_id

from .domain import SALES, Kind
from .tables import ledger_entry


def movement(kind: Kind, reference: UUID, amount: int, *, source: UUID, target: UUID) -> Rows:
    """Return the entries that move `amount` (minor units) from `source` to `target`.

    The unique key admits them once for each kind and reference.
    """
    common = {"reference": reference, "kind": kind, "created_at": now()}
    return _entries(
        {"account": source, "amount": -amount, **common}, {"account": target, "amount": amount, **common}
    )


def void(order_id: UUID, user_id: UUID) -> Rows:
    """Return the entries that say that the user will never pay for the order.

    The shop's side gets a debit of 0. If a real debit is entered concurrently, the unique key admits only one
    of the two and makes the other transaction fail.
    """
    common = {"reference": order_id, "amount": 0, "created_at": now()}
    return _entries(
        {"account": SALES, "kind": Kind.DEBIT, **common}, {"account": user_id, "kind": Kind.VOID, **common}
    )


def _entries(*entries: dict[str, Any]) -> Rows:
    return {ledger_entry: [{"id": new_id(), **entry} for entry in entries]}
