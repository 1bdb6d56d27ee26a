"""Tests that the audit reports each violated invariant, and no other."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from ..invariants import check_invariants
from ..snapshot import (
    AuditedOrder,
    AuditedPayment,
    AuditedStock,
    AuditedWallet,
    AuditSnapshot,
    InventorySnapshot,
    LedgerSnapshot,
    NotificationsSnapshot,
    OrdersSnapshot,
)

ALICE, BOB = UUID(int=1), UUID(int=2)
SOLD, BACK, FAILED = UUID(int=11), UUID(int=12), UUID(int=13)


@pytest.fixture
def snapshot() -> AuditSnapshot:
    """A shop at rest with an order in each final state; Alice bought 3 of 10 units for 300 of her 1000."""
    return AuditSnapshot(
        inventory=InventorySnapshot(
            stock={"A": AuditedStock(on_hand=7, reserved=0, held=0, supplied=10)},
            reservations={SOLD: "COMMITTED", BACK: "RESTOCKED", FAILED: "REFUSED"},
        ),
        ledger=LedgerSnapshot(
            total=0,
            wallets={ALICE: AuditedWallet(balance=700, entered=700)},
            payments={
                SOLD: [AuditedPayment(ALICE, "debit", 300)],
                BACK: [AuditedPayment(ALICE, "debit", 200), AuditedPayment(ALICE, "refund", 200)],
            },
        ),
        orders=OrdersSnapshot(
            orders={
                SOLD: AuditedOrder(ALICE, "CONFIRMED", 300),
                BACK: AuditedOrder(ALICE, "CANCELLED", 200),
                FAILED: AuditedOrder(BOB, "REJECTED", 900),
            },
            sold={"A": 3},
            answers=[(SOLD, ALICE), (BACK, ALICE), (FAILED, BOB)],
            waiting=0,
            dead=[],
        ),
        notifications=NotificationsSnapshot(
            told={
                SOLD: ["OrderConfirmed"],
                BACK: ["OrderConfirmed", "OrderCancelled"],
                FAILED: ["OrderRejected"],
            }
        ),
    )


def violated_invariants(snapshot: AuditSnapshot) -> set[str]:
    """Return the names of the violated invariants."""
    report = check_invariants(snapshot)
    violated = {name for name, finding in report.invariants.items() if not finding.ok}
    assert report.ok == (not violated)
    return violated


def test_healthy_shop_passes(snapshot: AuditSnapshot) -> None:
    """A healthy shop passes all ten checks."""
    report = check_invariants(snapshot)
    assert (report.ok, report.at_rest) == (True, True)
    assert list(report.invariants) == [f"I{number}" for number in range(1, 11)]
    assert report.counts["orders"] == 3


def test_rejected_order_may_have_been_refunded(snapshot: AuditSnapshot) -> None:
    """An order can be rejected before its payment is known; the late payment is then refunded."""
    snapshot.ledger.payments[FAILED] = [AuditedPayment(BOB, "debit", 900), AuditedPayment(BOB, "refund", 900)]
    assert violated_invariants(snapshot) == set()


def plant_oversold(snapshot: AuditSnapshot) -> None:
    snapshot.inventory.stock["A"] = AuditedStock(on_hand=-1, reserved=0, held=0, supplied=2)


def plant_unowned_reservation(snapshot: AuditSnapshot) -> None:
    snapshot.inventory.stock["A"] = AuditedStock(on_hand=7, reserved=1, held=0, supplied=10)


def plant_lost_unit(snapshot: AuditSnapshot) -> None:
    snapshot.inventory.stock["A"] = AuditedStock(on_hand=6, reserved=0, held=0, supplied=10)


def plant_sale_without_stock(snapshot: AuditSnapshot) -> None:
    snapshot.orders.sold["B"] = 1


def plant_lost_money(snapshot: AuditSnapshot) -> None:
    snapshot.ledger.wallets[ALICE] = AuditedWallet(balance=699, entered=700)


def plant_debt(snapshot: AuditSnapshot) -> None:
    snapshot.ledger.wallets[ALICE] = AuditedWallet(balance=-1, entered=-1)


def plant_double_debit(snapshot: AuditSnapshot) -> None:
    snapshot.ledger.payments[SOLD] *= 2


def plant_missing_refund(snapshot: AuditSnapshot) -> None:
    snapshot.ledger.payments[BACK].pop()


def plant_paid_rejection(snapshot: AuditSnapshot) -> None:
    snapshot.ledger.payments[FAILED] = [AuditedPayment(BOB, "debit", 900)]


def plant_wrong_amount(snapshot: AuditSnapshot) -> None:
    snapshot.ledger.payments[SOLD] = [AuditedPayment(ALICE, "debit", 299)]


def plant_orphaned_payment(snapshot: AuditSnapshot) -> None:
    snapshot.ledger.payments[UUID(int=99)] = []


def plant_surviving_reservation(snapshot: AuditSnapshot) -> None:
    snapshot.inventory.reservations[FAILED] = "COMMITTED"


def plant_orphaned_reservation(snapshot: AuditSnapshot) -> None:
    snapshot.inventory.reservations[UUID(int=99)] = "RELEASED"


def plant_two_answers(snapshot: AuditSnapshot) -> None:
    snapshot.orders.answers.append((SOLD, ALICE))


def plant_lost_order(snapshot: AuditSnapshot) -> None:
    snapshot.orders.answers.append((UUID(int=99), ALICE))


def plant_changed_final_state(snapshot: AuditSnapshot) -> None:
    snapshot.notifications.told[FAILED] = ["OrderConfirmed", "OrderRejected"]


def plant_lost_event(snapshot: AuditSnapshot) -> None:
    snapshot.notifications.told[BACK].pop()


def plant_dead_letter(snapshot: AuditSnapshot) -> None:
    snapshot.orders.dead.append("OrderConfirmed 1")


def plant_answer_to_another(snapshot: AuditSnapshot) -> None:
    snapshot.orders.answers[0] = (SOLD, BOB)


def plant_payment_by_another(snapshot: AuditSnapshot) -> None:
    snapshot.ledger.payments[SOLD] = [AuditedPayment(BOB, "debit", 300)]


@pytest.mark.parametrize(
    ("plant", "violated"),
    [
        (plant_oversold, {"I1"}),
        (plant_unowned_reservation, {"I1"}),
        (plant_lost_unit, {"I2"}),
        (plant_sale_without_stock, {"I2"}),
        (plant_lost_money, {"I3"}),
        (plant_debt, {"I3"}),
        (plant_double_debit, {"I4"}),
        (plant_missing_refund, {"I4"}),
        (plant_paid_rejection, {"I4"}),
        (plant_wrong_amount, {"I4"}),
        (plant_orphaned_payment, {"I4"}),
        (plant_surviving_reservation, {"I5"}),
        (plant_orphaned_reservation, {"I5"}),
        (plant_two_answers, {"I6"}),
        (plant_lost_order, {"I8"}),
        (plant_changed_final_state, {"I7", "I9"}),
        (plant_lost_event, {"I9"}),
        (plant_dead_letter, {"I9"}),
        (plant_answer_to_another, {"I10"}),
        (plant_payment_by_another, {"I10"}),
    ],
)
def test_violation_is_found(
    snapshot: AuditSnapshot, plant: Callable[[AuditSnapshot], None], violated: set[str]
) -> None:
    """Each planted fault violates exactly the expected invariants."""
    plant(snapshot)
    assert violated_invariants(snapshot) == violated


def test_unbalanced_ledger_is_found(snapshot: AuditSnapshot) -> None:
    """Ledger entries that do not add up to 0 violate I3."""
    ledger = LedgerSnapshot(1, snapshot.ledger.wallets, snapshot.ledger.payments)
    assert violated_invariants(
        AuditSnapshot(snapshot.inventory, ledger, snapshot.orders, snapshot.notifications)
    ) == {"I3"}


def test_orders_in_progress_are_no_violation(snapshot: AuditSnapshot) -> None:
    """A shop with a pending order is not at rest, and only invariants that always hold are checked."""
    order = UUID(int=14)
    snapshot.orders.orders[order] = AuditedOrder(BOB, "PENDING", 100)
    snapshot.orders.answers.append((order, BOB))
    snapshot.inventory.reservations[order] = "HELD"
    snapshot.inventory.stock["A"] = AuditedStock(on_hand=7, reserved=1, held=1, supplied=10)
    snapshot.notifications.told[SOLD].clear()
    report = check_invariants(snapshot)
    assert (report.ok, report.at_rest) == (True, False)


def test_order_in_flight_is_checked_once_it_has_settled(snapshot: AuditSnapshot) -> None:
    """Services are asked one after another, so their data about an order in flight may disagree."""
    plant_missing_refund(snapshot)
    snapshot.inventory.reservations[BACK] = "COMMITTED"
    in_flight = replace(snapshot, in_flight=frozenset({BACK}))
    assert not check_invariants(in_flight).at_rest
    assert violated_invariants(in_flight) == set()
    assert violated_invariants(snapshot) == {"I4", "I5"}


def test_shop_with_an_undelivered_event_is_not_at_rest(snapshot: AuditSnapshot) -> None:
    """The events of every context count, whichever service publishes them."""
    waiting = replace(
        snapshot,
        inventory=replace(snapshot.inventory, waiting=2),
        ledger=replace(snapshot.ledger, waiting=3),
        orders=replace(snapshot.orders, waiting=4),
    )
    report = check_invariants(waiting)
    assert (report.counts["outbox_waiting"], report.at_rest) == (9, False)
