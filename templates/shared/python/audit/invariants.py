"""The shop's invariants (docs: I1 to I10), checked on the facts of all contexts."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from .facts import Facts, OrderFacts

_RESERVATIONS: dict[str, set[str | None]] = {
    "PENDING": {None, "HELD", "COMMITTED", "RELEASED", "REFUSED"},
    "CONFIRMED": {"COMMITTED"},
    "REJECTED": {None, "REFUSED", "RELEASED"},
    "CANCELLED": {"RESTOCKED"},
}
_GIVEN_BACK = ["debit", "refund"]
_PAYMENTS: dict[str, list[list[str]]] = {
    "CONFIRMED": [["debit"]],
    "REJECTED": [[], _GIVEN_BACK],
    "CANCELLED": [_GIVEN_BACK],
}
_STORIES: dict[str, list[str]] = {
    "PENDING": [],
    "CONFIRMED": ["OrderConfirmed"],
    "REJECTED": ["OrderRejected"],
    "CANCELLED": ["OrderCancelled", "OrderConfirmed"],
}


@dataclass(frozen=True, slots=True)
class Finding:
    """An invariant, and how it is violated."""

    ok: bool
    violations: list[str]


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit found. Some violations can only be told at rest."""

    at_rest: bool
    ok: bool
    invariants: dict[str, Finding]
    counts: dict[str, int]


def examine(facts: Facts) -> Report:
    """Check every invariant."""
    found = {name: list(check(facts)) for name, check in _CHECKS.items()}
    states = Counter(order.state for order in facts.orders.orders.values())
    return Report(
        at_rest=facts.at_rest,
        ok=not any(found.values()),
        invariants={name: Finding(not violations, violations) for name, violations in found.items()},
        counts={
            "orders": len(facts.orders.orders),
            **{f"orders_{state.lower()}": states[state] for state in _STORIES},
            "skus": len(facts.inventory.stock),
            "wallets": len(facts.ledger.wallets),
            "messages": sum(map(len, facts.notifications.told.values())),
            "outbox_waiting": facts.orders.waiting,
            "outbox_dead": len(facts.orders.dead),
        },
    )


def _stock_within_bounds(facts: Facts) -> Iterator[str]:
    for sku, stock in facts.inventory.stock.items():
        if not 0 <= stock.reserved <= stock.on_hand:
            yield f"{sku}: {stock.reserved} of {stock.on_hand} units are reserved"
        if stock.reserved != stock.held:
            yield f"{sku}: {stock.reserved} units are reserved, the reservations sum up to {stock.held}"


def _units_are_conserved(facts: Facts) -> Iterator[str]:
    if not facts.at_rest:
        return
    for sku in facts.inventory.stock.keys() | facts.orders.sold.keys():
        stock, sold = facts.inventory.stock.get(sku), facts.orders.sold.get(sku, 0)
        if stock is None:
            yield f"{sku}: {sold} units were sold of what was never in stock"
        elif stock.supplied != stock.on_hand + sold:
            yield f"{sku}: {stock.supplied} units came, {stock.on_hand} are there, {sold} were sold"


def _money_is_conserved(facts: Facts) -> Iterator[str]:
    if facts.ledger.total:
        yield f"the ledger sums up to {facts.ledger.total}"
    for user_id, wallet in facts.ledger.wallets.items():
        if wallet.balance < 0:
            yield f"the wallet of {user_id} holds {wallet.balance}"
        if wallet.balance != wallet.entered:
            yield f"the wallet of {user_id} holds {wallet.balance}, its entries sum up to {wallet.entered}"


def _orders_are_paid(facts: Facts) -> Iterator[str]:
    for order_id, order in _resting(facts):
        payments = facts.ledger.payments.get(order_id, [])
        kinds = sorted(payment.kind for payment in payments)
        if order.state in _PAYMENTS and kinds not in _PAYMENTS[order.state]:
            yield f"{order.state} order {order_id} has the payments {kinds}"
        if any(payment.amount != order.total for payment in payments):
            yield f"order {order_id} over {order.total} has a payment of another amount"
    for order_id in facts.ledger.payments.keys() - facts.orders.orders.keys():
        yield f"there are payments for {order_id}, which is no order"


def _reservations_end_with_orders(facts: Facts) -> Iterator[str]:
    for order_id, order in _resting(facts):
        state = facts.inventory.reservations.get(order_id)
        if state not in _RESERVATIONS[order.state]:
            yield f"{order.state} order {order_id} has the reservation {state}"
    for order_id in facts.inventory.reservations.keys() - facts.orders.orders.keys():
        yield f"there is a reservation for {order_id}, which is no order"


def _keys_make_one_order(facts: Facts) -> Iterator[str]:
    answers = Counter(order_id for order_id, _ in facts.orders.answers)
    for order_id in facts.orders.orders:
        if answers[order_id] != 1:
            yield f"order {order_id} answers {answers[order_id]} requests"


def _ends_are_final(facts: Facts) -> Iterator[str]:
    for order_id, order in facts.orders.orders.items():
        surplus = Counter(facts.notifications.told.get(order_id, [])) - Counter(_STORIES[order.state])
        if surplus:
            yield f"{order.state} order {order_id} was told of as {sorted(surplus.elements())}"


def _answered_orders_exist(facts: Facts) -> Iterator[str]:
    for order_id, _ in facts.orders.answers:
        if order_id not in facts.orders.orders:
            yield f"order {order_id} was answered and does not exist"


def _events_arrive(facts: Facts) -> Iterator[str]:
    for event in facts.orders.dead:
        yield f"{event} could not be delivered"
    if facts.at_rest and not facts.orders.dead:
        for order_id, order in facts.orders.orders.items():
            told = sorted(facts.notifications.told.get(order_id, []))
            if told != _STORIES[order.state]:
                yield f"{order.state} order {order_id} was told of as {told}"


def _orders_are_private(facts: Facts) -> Iterator[str]:
    for order_id, user_id in facts.orders.answers:
        order = facts.orders.orders.get(order_id)
        if order is not None and order.user_id != user_id:
            yield f"order {order_id} was answered to somebody else"
    for order_id, payments in facts.ledger.payments.items():
        order = facts.orders.orders.get(order_id)
        if order is not None and any(payment.user_id != order.user_id for payment in payments):
            yield f"order {order_id} was paid by somebody else"


def _resting(facts: Facts) -> Iterator[tuple[UUID, OrderFacts]]:
    orders = facts.orders.orders.items()
    return ((order_id, order) for order_id, order in orders if order_id not in facts.moving)


_CHECKS: dict[str, Callable[[Facts], Iterator[str]]] = {
    "I1": _stock_within_bounds,
    "I2": _units_are_conserved,
    "I3": _money_is_conserved,
    "I4": _orders_are_paid,
    "I5": _reservations_end_with_orders,
    "I6": _keys_make_one_order,
    "I7": _ends_are_final,
    "I8": _answered_orders_exist,
    "I9": _events_arrive,
    "I10": _orders_are_private,
}
