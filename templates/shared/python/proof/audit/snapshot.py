"""Audit snapshots: the data that each context contributes to an audit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AuditedStock:
    """One SKU: units on hand, reserved, held (the sum of its open reservations), and ever supplied."""

    on_hand: int
    reserved: int
    held: int
    supplied: int


@dataclass(frozen=True, slots=True)
class InventorySnapshot:
    """Stock by SKU, reservation states by order; undelivered events of a service."""

    stock: dict[str, AuditedStock]
    reservations: dict[UUID, str]
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class NotificationsSnapshot:
    """The types of the events about which each order's user was notified."""

    told: dict[UUID, list[str]]


@dataclass(frozen=True, slots=True)
class AuditedOrder:
    """An order: its owner, its state and its total in minor units."""

    user_id: UUID
    state: str
    total: int


@dataclass(frozen=True, slots=True)
class OrdersSnapshot:
    """Orders by id, units sold by SKU, (order, user) of each stored response, and undelivered events."""

    orders: dict[UUID, AuditedOrder]
    sold: dict[str, int]
    answers: list[tuple[UUID, UUID]]
    waiting: int
    dead: list[str]


@dataclass(frozen=True, slots=True)
class AuditedWallet:
    """A wallet's stored balance, and the sum of its ledger entries; both in minor units."""

    balance: int
    entered: int


@dataclass(frozen=True, slots=True)
class AuditedPayment:
    """A debit or refund for an order; `amount` is positive, in minor units."""

    user_id: UUID
    kind: str
    amount: int


@dataclass(frozen=True, slots=True)
class LedgerSnapshot:
    """The sum of all entries, wallets by user, payments by order; undelivered events of a service."""

    total: int
    wallets: dict[UUID, AuditedWallet]
    payments: dict[UUID, list[AuditedPayment]]
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class AuditSnapshot:
    """Snapshots of all contexts. Orders in `in_flight` are changing state, so their parts may disagree."""

    inventory: InventorySnapshot
    ledger: LedgerSnapshot
    orders: OrdersSnapshot
    notifications: NotificationsSnapshot
    in_flight: frozenset[UUID] = frozenset()

    @property
    def waiting(self) -> int:
        """The number of undelivered events of all contexts."""
        return self.inventory.waiting + self.ledger.waiting + self.orders.waiting

    @property
    def at_rest(self) -> bool:
        """Whether no order, reservation or event is in progress."""
        pending = any(order.state == "PENDING" for order in self.orders.orders.values())
        held = "HELD" in self.inventory.reservations.values()
        return not pending and not held and not self.in_flight and not self.waiting
