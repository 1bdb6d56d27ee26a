"""Each invariant, violated: the audit names it, and no other."""

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
    """A shop at rest with an order of each kind: of 10 units Alice bought 3, for 300 of her 1000."""
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


def found(snapshot: AuditSnapshot) -> set[str]:
    """The names of the invariants that do not hold."""
    report = check_invariants(snapshot)
    violated = {name for name, finding in report.invariants.items() if not finding.ok}
    assert report.ok == (not violated)
    return violated


def test_healthy_shop_passes(snapshot: AuditSnapshot) -> None:
    """All ten are checked, and hold."""
    report = check_invariants(snapshot)
    assert (report.ok, report.at_rest) == (True, True)
    assert list(report.invariants) == [f"I{number}" for number in range(1, 11)]
    assert report.counts["orders"] == 3


def test_rejected_order_may_have_got_its_money_back(snapshot: AuditSnapshot) -> None:
    """It was paid, and given up before that was known."""
    snapshot.ledger.payments[FAILED] = [AuditedPayment(BOB, "debit", 900), AuditedPayment(BOB, "refund", 900)]
    assert found(snapshot) == set()


def plant_oversold(snapshot: AuditSnapshot) -> None:
    snapshot.inventory.stock["A"] = AuditedStock(on_hand=-1, reserved=0, held=0, supplied=2)


def plant_unowned_reservation(snapshot: AuditSnapshot) -> None:
    snapshot.inventory.stock["A"] = AuditedStock(on_hand=7, reserved=1, held=0, supplied=10)


def plant_lost_unit(snapshot: AuditSnapshot) -> None:
    snapshot.inventory.stock["A"] = AuditedStock(on_hand=6, reserved=0, held=0, supplied=10)


def plant_sale_of_nothing(snapshot: AuditSnapshot) -> None:
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


def plant_payment_for_nothing(snapshot: AuditSnapshot) -> None:
    snapshot.ledger.payments[UUID(int=99)] = []


def plant_surviving_reservation(snapshot: AuditSnapshot) -> None:
    snapshot.inventory.reservations[FAILED] = "COMMITTED"


def plant_orphaned_reservation(snapshot: AuditSnapshot) -> None:
    snapshot.inventory.reservations[UUID(int=99)] = "RELEASED"


def plant_two_answers(snapshot: AuditSnapshot) -> None:
    snapshot.orders.answers.append((SOLD, ALICE))


def plant_lost_order(snapshot: AuditSnapshot) -> None:
    snapshot.orders.answers.append((UUID(int=99), ALICE))


def plant_changed_end(snapshot: AuditSnapshot) -> None:
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
        (plant_sale_of_nothing, {"I2"}),
        (plant_lost_money, {"I3"}),
        (plant_debt, {"I3"}),
        (plant_double_debit, {"I4"}),
        (plant_missing_refund, {"I4"}),
        (plant_paid_rejection, {"I4"}),
        (plant_wrong_amount, {"I4"}),
        (plant_payment_for_nothing, {"I4"}),
        (plant_surviving_reservation, {"I5"}),
        (plant_orphaned_reservation, {"I5"}),
        (plant_two_answers, {"I6"}),
        (plant_lost_order, {"I8"}),
        (plant_changed_end, {"I7", "I9"}),
        (plant_lost_event, {"I9"}),
        (plant_dead_letter, {"I9"}),
        (plant_answer_to_another, {"I10"}),
        (plant_payment_by_another, {"I10"}),
    ],
)
def test_violation_is_found(
    snapshot: AuditSnapshot, plant: Callable[[AuditSnapshot], None], violated: set[str]
) -> None:
    """With all it brings about."""
    plant(snapshot)
    assert found(snapshot) == violated


def test_ledger_that_does_not_sum_up_is_found(snapshot: AuditSnapshot) -> None:
    """Money came from nowhere."""
    ledger = LedgerSnapshot(1, snapshot.ledger.wallets, snapshot.ledger.payments)
    assert found(AuditSnapshot(snapshot.inventory, ledger, snapshot.orders, snapshot.notifications)) == {"I3"}


def test_busy_shop_is_judged_only_by_what_always_holds(snapshot: AuditSnapshot) -> None:
    """A pending order with its units promised is no violation, and no rest."""
    order = UUID(int=14)
    snapshot.orders.orders[order] = AuditedOrder(BOB, "PENDING", 100)
    snapshot.orders.answers.append((order, BOB))
    snapshot.inventory.reservations[order] = "HELD"
    snapshot.inventory.stock["A"] = AuditedStock(on_hand=7, reserved=1, held=1, supplied=10)
    snapshot.notifications.told[SOLD].clear()
    report = check_invariants(snapshot)
    assert (report.ok, report.at_rest) == (True, False)


def test_moving_order_is_judged_when_it_has_arrived(snapshot: AuditSnapshot) -> None:
    """Its parts are told by services that were asked one after the other."""
    plant_missing_refund(snapshot)
    snapshot.inventory.reservations[BACK] = "COMMITTED"
    in_flight = replace(snapshot, in_flight=frozenset({BACK}))
    assert not check_invariants(in_flight).at_rest
    assert found(in_flight) == set()
    assert found(snapshot) == {"I4", "I5"}
