"""Each invariant, violated: the audit names it, and no other."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from ..facts import (
    Facts,
    InventoryFacts,
    LedgerFacts,
    NotificationFacts,
    OrderFacts,
    OrdersFacts,
    PaymentFacts,
    StockFacts,
    WalletFacts,
)
from ..invariants import examine

ALICE, BOB = UUID(int=1), UUID(int=2)
SOLD, BACK, FAILED = UUID(int=11), UUID(int=12), UUID(int=13)


@pytest.fixture
def facts() -> Facts:
    """A shop at rest with an order of each kind: of 10 units Alice bought 3, for 300 of her 1000."""
    return Facts(
        inventory=InventoryFacts(
            stock={"A": StockFacts(on_hand=7, reserved=0, held=0, supplied=10)},
            reservations={SOLD: "COMMITTED", BACK: "RESTOCKED", FAILED: "REFUSED"},
        ),
        ledger=LedgerFacts(
            total=0,
            wallets={ALICE: WalletFacts(balance=700, entered=700)},
            payments={
                SOLD: [PaymentFacts(ALICE, "debit", 300)],
                BACK: [PaymentFacts(ALICE, "debit", 200), PaymentFacts(ALICE, "refund", 200)],
            },
        ),
        orders=OrdersFacts(
            orders={
                SOLD: OrderFacts(ALICE, "CONFIRMED", 300),
                BACK: OrderFacts(ALICE, "CANCELLED", 200),
                FAILED: OrderFacts(BOB, "REJECTED", 900),
            },
            sold={"A": 3},
            answers=[(SOLD, ALICE), (BACK, ALICE), (FAILED, BOB)],
            waiting=0,
            dead=[],
        ),
        notifications=NotificationFacts(
            told={
                SOLD: ["OrderConfirmed"],
                BACK: ["OrderConfirmed", "OrderCancelled"],
                FAILED: ["OrderRejected"],
            }
        ),
    )


def found(facts: Facts) -> set[str]:
    """The names of the invariants that do not hold."""
    report = examine(facts)
    violated = {name for name, finding in report.invariants.items() if not finding.ok}
    assert report.ok == (not violated)
    return violated


def test_healthy_shop_passes(facts: Facts) -> None:
    """All ten are checked, and hold."""
    report = examine(facts)
    assert (report.ok, report.at_rest) == (True, True)
    assert list(report.invariants) == [f"I{number}" for number in range(1, 11)]
    assert report.counts["orders"] == 3


def test_rejected_order_may_have_got_its_money_back(facts: Facts) -> None:
    """It was paid, and given up before that was known."""
    facts.ledger.payments[FAILED] = [PaymentFacts(BOB, "debit", 900), PaymentFacts(BOB, "refund", 900)]
    assert found(facts) == set()


def plant_oversold(facts: Facts) -> None:
    facts.inventory.stock["A"] = StockFacts(on_hand=-1, reserved=0, held=0, supplied=2)


def plant_promise_of_nobody(facts: Facts) -> None:
    facts.inventory.stock["A"] = StockFacts(on_hand=7, reserved=1, held=0, supplied=10)


def plant_lost_unit(facts: Facts) -> None:
    facts.inventory.stock["A"] = StockFacts(on_hand=6, reserved=0, held=0, supplied=10)


def plant_sale_of_nothing(facts: Facts) -> None:
    facts.orders.sold["B"] = 1


def plant_lost_money(facts: Facts) -> None:
    facts.ledger.wallets[ALICE] = WalletFacts(balance=699, entered=700)


def plant_debt(facts: Facts) -> None:
    facts.ledger.wallets[ALICE] = WalletFacts(balance=-1, entered=-1)


def plant_double_debit(facts: Facts) -> None:
    facts.ledger.payments[SOLD] *= 2


def plant_missing_refund(facts: Facts) -> None:
    facts.ledger.payments[BACK].pop()


def plant_paid_rejection(facts: Facts) -> None:
    facts.ledger.payments[FAILED] = [PaymentFacts(BOB, "debit", 900)]


def plant_wrong_amount(facts: Facts) -> None:
    facts.ledger.payments[SOLD] = [PaymentFacts(ALICE, "debit", 299)]


def plant_payment_for_nothing(facts: Facts) -> None:
    facts.ledger.payments[UUID(int=99)] = []


def plant_surviving_reservation(facts: Facts) -> None:
    facts.inventory.reservations[FAILED] = "COMMITTED"


def plant_orphaned_reservation(facts: Facts) -> None:
    facts.inventory.reservations[UUID(int=99)] = "RELEASED"


def plant_two_answers(facts: Facts) -> None:
    facts.orders.answers.append((SOLD, ALICE))


def plant_lost_order(facts: Facts) -> None:
    facts.orders.answers.append((UUID(int=99), ALICE))


def plant_changed_end(facts: Facts) -> None:
    facts.notifications.told[FAILED] = ["OrderConfirmed", "OrderRejected"]


def plant_lost_event(facts: Facts) -> None:
    facts.notifications.told[BACK].pop()


def plant_dead_letter(facts: Facts) -> None:
    facts.orders.dead.append("OrderConfirmed 1")


def plant_answer_to_another(facts: Facts) -> None:
    facts.orders.answers[0] = (SOLD, BOB)


def plant_payment_by_another(facts: Facts) -> None:
    facts.ledger.payments[SOLD] = [PaymentFacts(BOB, "debit", 300)]


@pytest.mark.parametrize(
    ("plant", "violated"),
    [
        (plant_oversold, {"I1"}),
        (plant_promise_of_nobody, {"I1"}),
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
def test_violation_is_found(facts: Facts, plant: Callable[[Facts], None], violated: set[str]) -> None:
    """With all it brings about."""
    plant(facts)
    assert found(facts) == violated


def test_ledger_that_does_not_sum_up_is_found(facts: Facts) -> None:
    """Money came from nowhere."""
    ledger = LedgerFacts(1, facts.ledger.wallets, facts.ledger.payments)
    assert found(Facts(facts.inventory, ledger, facts.orders, facts.notifications)) == {"I3"}


def test_busy_shop_is_judged_only_by_what_always_holds(facts: Facts) -> None:
    """A pending order with its units promised is no violation, and no rest."""
    order = UUID(int=14)
    facts.orders.orders[order] = OrderFacts(BOB, "PENDING", 100)
    facts.orders.answers.append((order, BOB))
    facts.inventory.reservations[order] = "HELD"
    facts.inventory.stock["A"] = StockFacts(on_hand=7, reserved=1, held=1, supplied=10)
    facts.notifications.told[SOLD].clear()
    report = examine(facts)
    assert (report.ok, report.at_rest) == (True, False)


def test_moving_order_is_judged_when_it_has_arrived(facts: Facts) -> None:
    """Its parts are told by services that were asked one after the other."""
    plant_missing_refund(facts)
    facts.inventory.reservations[BACK] = "COMMITTED"
    moving = replace(facts, moving=frozenset({BACK}))
    assert not examine(moving).at_rest
    assert found(moving) == set()
    assert found(facts) == {"I4", "I5"}
