"""Ledger entries: every movement debits one account and credits another."""

from uuid import UUID

import sqlalchemy as sa

from chassis.clock import now
from chassis.db.connections import Connection, prepared
from chassis.ids import new_id

from .domain import SALES, Kind
from .tables import ledger_entry

_INSERT = prepared(sa.insert(ledger_entry))


async def move(
    transaction: Connection, kind: Kind, reference: UUID, amount: int, *, source: UUID, target: UUID
) -> None:
    """Enter a movement of `amount` (minor units) from `source` to `target`, once per kind and reference."""
    common = {"reference": reference, "kind": kind, "created_at": now()}
    await transaction.execute(
        _INSERT,
        [
            {"id": new_id(), "account": source, "amount": -amount, **common},
            {"id": new_id(), "account": target, "amount": amount, **common},
        ],
    )


async def void(transaction: Connection, order_id: UUID, user_id: UUID) -> None:
    """Enter that the user will never pay for the order.

    The shop's side gets a debit of 0. If a real debit is entered concurrently, the unique key admits only one
    of the two and makes the other transaction fail.
    """
    common = {"reference": order_id, "amount": 0, "created_at": now()}
    await transaction.execute(
        _INSERT,
        [
            {"id": new_id(), "account": SALES, "kind": Kind.DEBIT, **common},
            {"id": new_id(), "account": user_id, "kind": Kind.VOID, **common},
        ],
    )
