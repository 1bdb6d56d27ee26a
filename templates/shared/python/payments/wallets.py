"""Wallet service: balances, top-ups and payments of users."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.db.conflicts import retry_conflicts, retry_duplicates
from chassis.db.connections import prepared
from chassis.db.database import Database
from chassis.db.inserts import insert_rows
from chassis.http.problems import Invalid, NotFound
from chassis.ids import new_id
from chassis.money import Money

from .domain import FUNDING, SHOP_ACCOUNTS, Kind, Payment, TopUp, Wallet
from .entries import movement
from .ports import Users
from .tables import ledger_entry, top_up, wallet

_USER = sa.bindparam("user", type_=sa.Uuid)
_BALANCE = prepared(sa.select(wallet.c.balance).where(wallet.c.user_id == _USER))
_CREDIT = (
    sa.update(wallet)
    .where(wallet.c.user_id == _USER)
    .values(balance=wallet.c.balance + sa.bindparam("amount", type_=sa.BigInteger))
)
_OPEN = sa.insert(wallet)
_FIND_TOP_UP = sa.select(top_up).where(
    top_up.c.admin_id == sa.bindparam("admin"), top_up.c.key == sa.bindparam("idempotency_key")
)
_PAYMENTS = (
    sa.select(ledger_entry.c.id, ledger_entry.c.kind, ledger_entry.c.amount, ledger_entry.c.created_at)
    .where(
        ledger_entry.c.reference == sa.bindparam("order"),
        ledger_entry.c.account == _USER,
        ledger_entry.c.kind.in_([Kind.DEBIT, Kind.REFUND]),
    )
    .order_by(ledger_entry.c.id)
)


class Wallets:
    """The wallets of all users, in the shop's one currency."""

    def __init__(self, database: Database, users: Users, currency: str) -> None:
        self._database = database
        self._users = users
        self._currency = currency

    async def read(self, user_id: UUID) -> Wallet:
        """Return the wallet; a new user's wallet is empty."""
        async with self._database.reading() as connection:
            balance = await connection.scalar(_BALANCE, {"user": user_id})
        return Wallet(self._money(balance or 0))

    async def payments(self, user_id: UUID, order_id: UUID) -> list[Payment]:
        """Return the user's debits and refunds for an order, oldest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_PAYMENTS, {"user": user_id, "order": order_id})
            return [
                Payment(row.id, order_id, Kind(row.kind), self._money(abs(row.amount)), row.created_at)
                for row in rows
            ]

    async def top_up(self, admin_id: UUID, key: str, user_id: UUID, amount: int) -> TopUp:
        """Add `amount` (minor units) to the user's wallet, once for each `key` of an administrator.

        Raises `NotFound` for an unknown user, or `Invalid` if the key was used for another top-up.
        """
        if user_id in SHOP_ACCOUNTS or not await self._users.exists(user_id):
            raise NotFound(f"There is no user {user_id}.")
        return await self._top_up(admin_id, key, user_id, amount)

    # A concurrent request may use the key or open the wallet first.
    @retry_duplicates
    @retry_conflicts
    async def _top_up(self, admin_id: UUID, key: str, user_id: UUID, amount: int) -> TopUp:
        async with self._database.transaction() as transaction:
            found = await transaction.execute(_FIND_TOP_UP, {"admin": admin_id, "idempotency_key": key})
            if (row := found.one_or_none()) is not None:
                return self._repeated(row, user_id, amount)
            values = {"user": user_id, "amount": amount}
            if not (await transaction.execute(_CREDIT, values)).rowcount:
                await transaction.execute(_OPEN, {"user_id": user_id, "balance": amount})
            balance = (await transaction.execute(_BALANCE, {"user": user_id})).scalar_one()
            made = TopUp(new_id(), user_id, self._money(amount), self._money(balance))
            stored = {
                "id": made.id,
                "admin_id": admin_id,
                "key": key,
                "user_id": user_id,
                "amount": amount,
                "balance": balance,
            }
            entries = movement(Kind.TOP_UP, made.id, amount, source=FUNDING, target=user_id)
            await insert_rows(transaction, {**entries, top_up: [stored]})
            return made

    def _repeated(self, row: sa.Row[Any], user_id: UUID, amount: int) -> TopUp:
        if (row.user_id, row.amount) != (user_id, amount):
            raise Invalid("idempotency-key-reused", "This key was already used for another top-up.")
        return TopUp(row.id, user_id, self._money(amount), self._money(row.balance))

    def _money(self, amount: int) -> Money:
        return Money(amount, self._currency)
