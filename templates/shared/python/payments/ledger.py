"""The ledger: debits and refunds for orders.

Each step belongs to an order and runs in the caller's transaction. Steps are idempotent: a repeated step
changes nothing and returns the same result, and a debit that arrives after its refund is declined. A caller
that does not know whether a step took effect therefore repeats it.
"""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from chassis.db.connections import Connection, prepared
from chassis.db.lists import with_list

from .domain import SALES, SHOP_ACCOUNTS, Kind
from .entries import move, void
from .tables import ledger_entry, wallet

_USER = sa.bindparam("user", type_=sa.Uuid)
_ORDER = sa.bindparam("order", type_=sa.Uuid)
_AMOUNT = sa.bindparam("amount", type_=sa.BigInteger)
_OF_ORDER = (ledger_entry.c.reference == _ORDER, ledger_entry.c.account == _USER)
_DEBIT = prepared(
    sa.update(wallet)
    .where(
        wallet.c.user_id == _USER,
        wallet.c.balance >= _AMOUNT,
        ~sa.exists().where(*_OF_ORDER),
    )
    .values(balance=wallet.c.balance - _AMOUNT)
)
_CREDIT = prepared(
    sa.update(wallet).where(wallet.c.user_id == _USER).values(balance=wallet.c.balance + _AMOUNT)
)
_lock = with_list(
    wallet.c.user_id,
    lambda one_of: sa.select(wallet.c.user_id).where(one_of).order_by(wallet.c.user_id).with_for_update(),
)
_STEPS = prepared(sa.select(ledger_entry.c.kind, ledger_entry.c.amount).where(*_OF_ORDER))


class Ledger:
    """Debits users for orders, and refunds them."""

    async def lock(self, transaction: Connection, user_ids: Collection[UUID]) -> None:
        """Lock the wallets of users before a transaction with several steps, so that none deadlock."""
        await transaction.execute(*_lock(user_ids))

    async def debit(self, transaction: Connection, user_id: UUID, order_id: UUID, amount: int) -> bool:
        """Debit `amount` (minor units) from the user's wallet; False if the balance is too low.

        The shop's own accounts cannot pay.
        """
        if user_id in SHOP_ACCOUNTS:
            return False
        values = {"user": user_id, "order": order_id, "amount": amount}
        if not (await transaction.execute(_DEBIT, values)).rowcount:
            steps = await self.steps(transaction, user_id, order_id)
            # A free order needs no wallet: that of a user without any top-up does not exist.
            if steps or amount:
                return Kind.DEBIT in steps and Kind.REFUND not in steps
        await move(transaction, Kind.DEBIT, order_id, amount, source=user_id, target=SALES)
        return True

    async def refund(self, transaction: Connection, user_id: UUID, order_id: UUID) -> None:
        """Refund what was debited for the order; if nothing was debited yet, block any later debit.

        If the debit runs concurrently, one of the two raises SQLAlchemy's `IntegrityError`: repeat it.
        """
        steps = await self.steps(transaction, user_id, order_id)
        if not steps:
            await void(transaction, order_id, user_id)
        elif steps.keys() == {Kind.DEBIT}:
            amount = -steps[Kind.DEBIT]
            await move(transaction, Kind.REFUND, order_id, amount, source=SALES, target=user_id)
            await transaction.execute(_CREDIT, {"user": user_id, "amount": amount})

    async def steps(self, connection: Connection, user_id: UUID, order_id: UUID) -> dict[Kind, int]:
        """Return the steps of the order so far, each with its change (minor units) of the user's wallet."""
        rows = await connection.execute(_STEPS, {"user": user_id, "order": order_id})
        return {Kind(row.kind): row.amount for row in rows}
