"""Paying for orders: in order, repeated, out of order, and at once."""

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from ...chassis.database import Database
from ..audit_snapshot import take_snapshot
from ..ledger import Ledger
from ..wallets import Wallets

ADMIN, ALICE, ORDER, OTHER = map(UUID, ("0" * 31 + digit for digit in "abcd"))


class Steps:
    """Takes each step in a transaction of its own, for Alice's wallet."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ledger = Ledger()
        self._wallets = Wallets(database, "EUR")

    async def debit(self, amount: int, order_id: UUID = ORDER) -> bool:
        """Pay for the order."""
        async with self._database.transaction() as transaction:
            return await self._ledger.debit(transaction, ALICE, order_id, amount)

    async def refund(self, order_id: UUID = ORDER) -> None:
        """Get the money back."""
        async with self._database.transaction() as transaction:
            await self._ledger.refund(transaction, ALICE, order_id)

    async def state(self) -> tuple[int, list[tuple[str, int]]]:
        """The balance, and the payments for `ORDER`; the books must be right."""
        async with self._database.reading() as connection:
            facts = await take_snapshot(connection)
        assert facts.total == 0
        assert all(wallet.balance == wallet.entered >= 0 for wallet in facts.wallets.values())
        payments = await self._wallets.payments(ALICE, ORDER)
        balance = (await self._wallets.read(ALICE)).balance.amount
        return balance, [(payment.kind, payment.amount.amount) for payment in payments]


@pytest.fixture
async def steps(database: Database) -> Steps:
    """Alice has 1000."""
    await Wallets(database, "EUR").top_up(ADMIN, "key", ALICE, 1000)
    return Steps(database)


async def test_money_goes_and_comes_back(steps: Steps) -> None:
    """The way of an order that is paid and then cancelled."""
    assert await steps.debit(700)
    assert await steps.state() == (300, [("debit", 700)])
    await steps.refund()
    assert await steps.state() == (1000, [("debit", 700), ("refund", 700)])


async def test_too_little_money_pays_for_nothing(steps: Steps) -> None:
    """To the last cent; and who has no wallet has too little."""
    assert not await steps.debit(1001)
    assert await steps.state() == (1000, [])
    assert await steps.debit(1000)


async def test_repeated_step_changes_nothing(steps: Steps) -> None:
    """And answers the same, also when there would not be enough for a second time."""
    assert await steps.debit(700)
    assert await steps.debit(700)
    await steps.refund()
    await steps.refund()
    assert not await steps.debit(700)
    assert await steps.state() == (1000, [("debit", 700), ("refund", 700)])


async def test_debit_that_comes_after_its_refund_is_declined(steps: Steps) -> None:
    """Messages overtake one another; nobody may pay for an order that was given up."""
    await steps.refund()
    await steps.refund()
    assert not await steps.debit(700)
    assert await steps.state() == (1000, [])
    assert await steps.debit(700, OTHER)


async def test_step_that_runs_twice_at_once_runs_once(steps: Steps) -> None:
    """Two deliveries of one message: one of them may fail, but never does anything a second time."""
    outcomes = await asyncio.gather(*(steps.debit(300) for _ in range(4)), return_exceptions=True)
    assert True in outcomes
    assert all(outcome is True or isinstance(outcome, DBAPIError) for outcome in outcomes)
    assert await steps.state() == (700, [("debit", 300)])
    failures = await asyncio.gather(*(steps.refund() for _ in range(4)), return_exceptions=True)
    assert all(failure is None or isinstance(failure, DBAPIError) for failure in failures)
    assert await steps.state() == (1000, [("debit", 300), ("refund", 300)])


async def test_wallet_pays_as_often_as_it_can(steps: Steps) -> None:
    """Of 12 debits at once, each for an order of its own, 3 fit."""
    paid = await asyncio.gather(*(steps.debit(300, UUID(int=number)) for number in range(100, 112)))
    assert sum(paid) == 3
    assert (await steps.state())[0] == 100


async def test_refund_that_meets_its_debit_half_way_lets_only_one_of_them_in(database: Database) -> None:
    """The debit is entered and not committed yet; taken again, the refund finds it."""
    await Wallets(database, "EUR").top_up(ADMIN, "key", ALICE, 1000)
    steps, ledger, entered = Steps(database), Ledger(), asyncio.Event()

    async def debit_slowly() -> None:
        async with database.transaction() as transaction:
            assert await ledger.debit(transaction, ALICE, ORDER, 700)
            entered.set()
            await asyncio.sleep(0.2)

    async def refund() -> None:
        await entered.wait()
        with suppress(IntegrityError):
            await steps.refund()

    await asyncio.gather(debit_slowly(), refund())
    await steps.refund()
    assert await steps.state() == (1000, [("debit", 700), ("refund", 700)])
