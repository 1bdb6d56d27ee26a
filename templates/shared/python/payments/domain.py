"""What payments speak of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ..chassis.money import Money

# The shop's own accounts. They keep no balance: a row that every order changes would queue all orders up.
SALES = UUID(int=1)
FUNDING = UUID(int=2)


class Kind(StrEnum):
    """Why money moved. `VOID` moves none: it bars the debit of an order that was given up before."""

    TOP_UP = "top_up"
    DEBIT = "debit"
    REFUND = "refund"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Wallet:
    """What a user has."""

    balance: Money


@dataclass(frozen=True, slots=True)
class TopUp:
    """Money that was put into a wallet, and the balance just after."""

    id: UUID
    user_id: UUID
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved for an order: `debit` from the user, `refund` to the user."""

    id: UUID
    order_id: UUID
    kind: Kind
    amount: Money
    created_at: datetime
