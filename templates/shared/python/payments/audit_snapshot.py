"""Audit snapshot of payments."""

from uuid import UUID

import sqlalchemy as sa

from chassis.db.connections import Connection

from ..audit.snapshot import AuditedPayment, AuditedWallet, LedgerSnapshot
from .domain import FUNDING, SALES, Kind
from .tables import ledger_entry, wallet

_TOTAL = sa.select(sa.func.sum(ledger_entry.c.amount))
_BALANCES = sa.select(wallet.c.user_id, wallet.c.balance)
_ENTERED = (
    sa.select(ledger_entry.c.account, sa.func.sum(ledger_entry.c.amount))
    .where(ledger_entry.c.account.not_in([SALES, FUNDING]))
    .group_by(ledger_entry.c.account)
)
_PAID = sa.select(
    ledger_entry.c.reference, ledger_entry.c.account, ledger_entry.c.kind, ledger_entry.c.amount
).where(ledger_entry.c.kind.in_([Kind.DEBIT, Kind.REFUND]), ledger_entry.c.account.not_in([SALES, FUNDING]))


async def take_snapshot(connection: Connection) -> LedgerSnapshot:
    """Take the snapshot; `connection` should see a single database snapshot."""
    balances = {row.user_id: row.balance for row in await connection.execute(_BALANCES)}
    entered = {account: int(amount) for account, amount in await connection.execute(_ENTERED)}
    payments: dict[UUID, list[AuditedPayment]] = {}
    for row in await connection.execute(_PAID):
        paid = AuditedPayment(row.account, row.kind, abs(row.amount))
        payments.setdefault(row.reference, []).append(paid)
    return LedgerSnapshot(
        total=int(await connection.scalar(_TOTAL) or 0),
        wallets={
            user_id: AuditedWallet(balances.get(user_id, 0), entered.get(user_id, 0))
            for user_id in balances.keys() | entered.keys()
        },
        payments=payments,
    )
