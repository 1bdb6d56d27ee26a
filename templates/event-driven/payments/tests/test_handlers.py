"""Batches of events that are handled concurrently."""

from uuid import UUID, uuid4

from chassis.db.database import Database
from chassis.money import Money
from choreography.events import StockReserved
from choreography.handlers import IdempotentHandler
from choreography.tests.batches import PlacedOrder, event, handle_concurrently

from ...payments.ledger import Ledger
from ...payments.tests.users import Users
from ...payments.wallets import Wallets
from ..handlers import PaymentHandlers
from ..tables import inbox

ADMIN, ALICE, BOB = map(UUID, ("0" * 31 + digit for digit in "abc"))
ORDERS = 20
BALANCE = 100_000


def orders(*users: UUID) -> list[PlacedOrder]:
    """Return orders, many of the first user before many of the next."""
    return [PlacedOrder(uuid4(), user, {"A": 1}) for user in users for _ in range(ORDERS)]


async def test_batches_with_users_in_opposite_order_do_not_deadlock(database: Database) -> None:
    """Batches that change the same wallets wait for each other, whatever the order of their events."""
    wallets = Wallets(database, Users(), "EUR")
    for user in (ALICE, BOB):
        await wallets.top_up(ADMIN, str(user), user, BALANCE)
    handle = IdempotentHandler(database, inbox, PaymentHandlers(Ledger()))
    batches = [orders(ALICE, BOB), orders(BOB, ALICE)]
    total = Money(100, "EUR")
    reserved = [
        [event("StockReserved", order.id, StockReserved(order.id, order.user_id, total)) for order in batch]
        for batch in batches
    ]
    await handle_concurrently(handle, *reserved)
    assert (await wallets.read(ALICE)).balance.amount == BALANCE - 2 * ORDERS * total.amount
    cancelled = [[order.event("OrderCancelled") for order in batch] for batch in batches]
    await handle_concurrently(handle, *cancelled)
    assert (await wallets.read(BOB)).balance.amount == BALANCE


async def test_debit_and_rejection_of_the_same_orders_do_not_deadlock(database: Database) -> None:
    """A batch of reservations and a batch of timeouts of the same orders leave every wallet as it was."""
    wallets = Wallets(database, Users(), "EUR")
    for user in (ALICE, BOB):
        await wallets.top_up(ADMIN, str(user), user, BALANCE)
    handle = IdempotentHandler(database, inbox, PaymentHandlers(Ledger()))
    placed = orders(ALICE, BOB)
    total = Money(100, "EUR")
    reserved = [
        event("StockReserved", order.id, StockReserved(order.id, order.user_id, total)) for order in placed
    ]
    rejected = [order.event("OrderRejected") for order in reversed(placed)]
    await handle_concurrently(handle, reserved, rejected)
    for user in (ALICE, BOB):
        assert (await wallets.read(user)).balance.amount == BALANCE
