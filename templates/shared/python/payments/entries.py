"""The ledger's entries: money never appears or disappears, it moves from one account to another."""

from uuid import UUID

import sqlalchemy as sa

from ..chassis.clock import now
from ..chassis.connections import Connection
from ..chassis.ids import new_id
from .domain import SALES, Kind
from .tables import ledger_entry

_INSERT = sa.insert(ledger_entry)


async def move(
    transaction: Connection, kind: Kind, reference: UUID, amount: int, *, source: UUID, target: UUID
) -> None:
    """Enter that `amount` (minor units) went from `source` to `target`, once per kind and reference."""
    common = {"reference": reference, "kind": kind, "created_at": now()}
    await transaction.execute(
        _INSERT,
        [
            {"id": new_id(), "account": source, "amount": -amount, **common},
            {"id": new_id(), "account": target, "amount": amount, **common},
        ],
    )


async def void(transaction: Connection, order_id: UUID, user_id: UUID) -> None:
    """Enter that the user never pays for the order.

    On the shop's side it stands as a debit of nothing. So it and a debit that is entered at the same time
    cannot both be: the key lets one of them in, and fails the other's transaction.
    """
    common = {"reference": order_id, "amount": 0, "created_at": now()}
    await transaction.execute(
        _INSERT,
        [
            {"id": new_id(), "account": SALES, "kind": Kind.DEBIT, **common},
            {"id": new_id(), "account": user_id, "kind": Kind.VOID, **common},
        ],
    )
