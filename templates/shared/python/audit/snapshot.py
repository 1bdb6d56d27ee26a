"""What an audit wants to know of each context."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AuditedStock:
    """One SKU: the units on hand, reserved (also by the sum of reservations), and ever supplied."""

    on_hand: int
    reserved: int
    held: int
    supplied: int


@dataclass(frozen=True, slots=True)
class InventorySnapshot:
    """Stock by SKU, the state of each order's reservation, and events not delivered (of a service's own)."""

    stock: dict[str, AuditedStock]
    reservations: dict[UUID, str]
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class NotificationsSnapshot:
    """The types of the events that each order's user was told of."""

    told: dict[UUID, list[str]]


@dataclass(frozen=True, slots=True)
class AuditedOrder:
    """An order: its owner, its state and its total in minor units."""

    user_id: UUID
    state: str
    total: int


@dataclass(frozen=True, slots=True)
class OrdersSnapshot:
    """Orders by id; units in confirmed ones by SKU; (order, user) of each answer; events not delivered."""

    orders: dict[UUID, AuditedOrder]
    sold: dict[str, int]
    answers: list[tuple[UUID, UUID]]
    waiting: int
    dead: list[str]


@dataclass(frozen=True, slots=True)
class AuditedWallet:
    """A balance as it is kept, and as the entries sum up to; minor units."""

    balance: int
    entered: int


@dataclass(frozen=True, slots=True)
class AuditedPayment:
    """One step of paying for an order; `amount` is positive, in minor units."""

    user_id: UUID
    kind: str
    amount: int


@dataclass(frozen=True, slots=True)
class LedgerSnapshot:
    """Sum of all entries, wallets by user, payments by order; events not delivered (of a service's own)."""

    total: int
    wallets: dict[UUID, AuditedWallet]
    payments: dict[UUID, list[AuditedPayment]]
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class AuditSnapshot:
    """What the contexts know. The orders in `in_flight` are on their way from one state to another."""

    inventory: InventorySnapshot
    ledger: LedgerSnapshot
    orders: OrdersSnapshot
    notifications: NotificationsSnapshot
    in_flight: frozenset[UUID] = frozenset()

    @property
    def at_rest(self) -> bool:
        """Whether nothing is on its way."""
        pending = any(order.state == "PENDING" for order in self.orders.orders.values())
        held = "HELD" in self.inventory.reservations.values()
        return not pending and not held and not self.in_flight and not self.orders.waiting
