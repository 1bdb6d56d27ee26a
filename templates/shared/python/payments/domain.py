"""Domain model of payments."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.money import Money

# The shop's own accounts. They have no balance row: every order would have to wait for its lock.
SALES = UUID(int=1)
FUNDING = UUID(int=2)
SHOP_ACCOUNTS = frozenset({SALES, FUNDING})


class Kind(StrEnum):
    """The kind of a ledger entry. `VOID` moves no money: it blocks a later debit of an abandoned order."""

    TOP_UP = "top_up"
    DEBIT = "debit"
    REFUND = "refund"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Wallet:
    """A user's wallet."""

    balance: Money


@dataclass(frozen=True, slots=True)
class TopUp:
    """A top-up of a wallet, and the balance right after it."""

    id: UUID
    user_id: UUID
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment for an order: a `debit` from the user, or a `refund` to the user."""

    id: UUID
    order_id: UUID
    kind: Kind
    amount: Money
    created_at: datetime
