"""The shop's invariants (I1 to I10), checked against a snapshot of all contexts."""

from collections import Counter
from collections.abc import Callable, Iterator
from uuid import UUID

from .result import Finding, Report
from .snapshot import AuditedOrder, AuditSnapshot

_RESERVATIONS: dict[str, set[str | None]] = {
    "PENDING": {None, "HELD", "COMMITTED", "RELEASED", "REFUSED"},
    "CONFIRMED": {"COMMITTED"},
    "REJECTED": {None, "REFUSED", "RELEASED"},
    "CANCELLED": {"RESTOCKED"},
}
_REFUNDED = ["debit", "refund"]
_PAYMENTS: dict[str, list[list[str]]] = {
    "CONFIRMED": [["debit"]],
    "REJECTED": [[], _REFUNDED],
    "CANCELLED": [_REFUNDED],
}
_EVENTS_BY_STATE: dict[str, list[str]] = {
    "PENDING": [],
    "CONFIRMED": ["OrderConfirmed"],
    "REJECTED": ["OrderRejected"],
    "CANCELLED": ["OrderCancelled", "OrderConfirmed"],
}


def check_invariants(snapshot: AuditSnapshot) -> Report:
    """Check all invariants against the snapshot."""
    found = {name: list(check(snapshot)) for name, check in _CHECKS.items()}
    states = Counter(order.state for order in snapshot.orders.orders.values())
    return Report(
        at_rest=snapshot.at_rest,
        ok=not any(found.values()),
        invariants={name: Finding(not violations, violations) for name, violations in found.items()},
        counts={
            "orders": len(snapshot.orders.orders),
            **{f"orders_{state.lower()}": states[state] for state in _EVENTS_BY_STATE},
            "skus": len(snapshot.inventory.stock),
            "wallets": len(snapshot.ledger.wallets),
            "messages": sum(map(len, snapshot.notifications.told.values())),
            "outbox_waiting": snapshot.waiting,
            "outbox_dead": len(snapshot.orders.dead),
        },
    )


def _stock_within_bounds(snapshot: AuditSnapshot) -> Iterator[str]:
    for sku, stock in snapshot.inventory.stock.items():
        if not 0 <= stock.reserved <= stock.on_hand:
            yield f"{sku}: {stock.reserved} of {stock.on_hand} units are reserved"
        if stock.reserved != stock.held:
            yield f"{sku}: {stock.reserved} units are reserved, but the reservations add up to {stock.held}"


def _units_are_conserved(snapshot: AuditSnapshot) -> Iterator[str]:
    if not snapshot.at_rest:
        return
    for sku in snapshot.inventory.stock.keys() | snapshot.orders.sold.keys():
        stock, sold = snapshot.inventory.stock.get(sku), snapshot.orders.sold.get(sku, 0)
        if stock is None:
            yield f"{sku}: {sold} units were sold, but it was never in stock"
        elif stock.supplied != stock.on_hand + sold:
            yield f"{sku}: {stock.supplied} units supplied, but {stock.on_hand} on hand and {sold} sold"


def _money_is_conserved(snapshot: AuditSnapshot) -> Iterator[str]:
    if snapshot.ledger.total:
        yield f"the ledger adds up to {snapshot.ledger.total} instead of 0"
    for user_id, wallet in snapshot.ledger.wallets.items():
        if wallet.balance < 0:
            yield f"the balance of {user_id} is {wallet.balance}"
        if wallet.balance != wallet.entered:
            yield f"the balance of {user_id} is {wallet.balance}, but its entries add up to {wallet.entered}"


def _orders_are_paid(snapshot: AuditSnapshot) -> Iterator[str]:
    for order_id, order in _settled_orders(snapshot):
        payments = snapshot.ledger.payments.get(order_id, [])
        kinds = sorted(payment.kind for payment in payments)
        if order.state in _PAYMENTS and kinds not in _PAYMENTS[order.state]:
            yield f"{order.state} order {order_id} has the payments {kinds}"
        if any(payment.amount != order.total for payment in payments):
            yield f"order {order_id} has a payment that differs from its total of {order.total}"
    for order_id in snapshot.ledger.payments.keys() - snapshot.orders.orders.keys():
        yield f"there are payments for {order_id}, but no such order"


def _reservations_end_with_orders(snapshot: AuditSnapshot) -> Iterator[str]:
    for order_id, order in _settled_orders(snapshot):
        state = snapshot.inventory.reservations.get(order_id)
        if state not in _RESERVATIONS[order.state]:
            yield f"{order.state} order {order_id} has the reservation {state}"
    for order_id in snapshot.inventory.reservations.keys() - snapshot.orders.orders.keys():
        yield f"there is a reservation for {order_id}, but no such order"


def _each_order_has_one_response(snapshot: AuditSnapshot) -> Iterator[str]:
    answers = Counter(order_id for order_id, _ in snapshot.orders.answers)
    for order_id in snapshot.orders.orders:
        if answers[order_id] != 1:
            yield f"order {order_id} has {answers[order_id]} stored responses instead of 1"


def _final_states_do_not_change(snapshot: AuditSnapshot) -> Iterator[str]:
    for order_id, order in snapshot.orders.orders.items():
        surplus = Counter(snapshot.notifications.told.get(order_id, [])) - Counter(
            _EVENTS_BY_STATE[order.state]
        )
        if surplus:
            yield f"{order.state} order {order_id} has unexpected notifications {sorted(surplus.elements())}"


def _answered_orders_exist(snapshot: AuditSnapshot) -> Iterator[str]:
    for order_id, _ in snapshot.orders.answers:
        if order_id not in snapshot.orders.orders:
            yield f"order {order_id} has a stored response but does not exist"


def _events_arrive(snapshot: AuditSnapshot) -> Iterator[str]:
    for event in snapshot.orders.dead:
        yield f"{event} could not be delivered"
    if snapshot.at_rest and not snapshot.orders.dead:
        for order_id, order in snapshot.orders.orders.items():
            told = sorted(snapshot.notifications.told.get(order_id, []))
            if told != _EVENTS_BY_STATE[order.state]:
                yield f"{order.state} order {order_id} has the notifications {told}"


def _orders_are_private(snapshot: AuditSnapshot) -> Iterator[str]:
    for order_id, user_id in snapshot.orders.answers:
        order = snapshot.orders.orders.get(order_id)
        if order is not None and order.user_id != user_id:
            yield f"the response for order {order_id} belongs to another user"
    for order_id, payments in snapshot.ledger.payments.items():
        order = snapshot.orders.orders.get(order_id)
        if order is not None and any(payment.user_id != order.user_id for payment in payments):
            yield f"order {order_id} was paid by another user"


def _settled_orders(snapshot: AuditSnapshot) -> Iterator[tuple[UUID, AuditedOrder]]:
    orders = snapshot.orders.orders.items()
    return ((order_id, order) for order_id, order in orders if order_id not in snapshot.in_flight)


_CHECKS: dict[str, Callable[[AuditSnapshot], Iterator[str]]] = {
    "I1": _stock_within_bounds,
    "I2": _units_are_conserved,
    "I3": _money_is_conserved,
    "I4": _orders_are_paid,
    "I5": _reservations_end_with_orders,
    "I6": _each_order_has_one_response,
    "I7": _final_states_do_not_change,
    "I8": _answered_orders_exist,
    "I9": _events_arrive,
    "I10": _orders_are_private,
}
