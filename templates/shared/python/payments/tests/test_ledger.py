"""Tests of debits and refunds: in order, repeated, out of order and concurrent."""

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from chassis.db.database import Database

from ..audit_snapshot import take_snapshot
from ..domain import FUNDING, SALES
from ..ledger import Ledger
from ..wallets import Wallets
from .users import Users

ADMIN, ALICE, ORDER, OTHER = map(UUID, ("0" * 31 + digit for digit in "abcd"))


class Steps:
    """Runs each step in a separate transaction, on Alice's wallet."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ledger = Ledger()
        self._wallets = Wallets(database, Users(), "EUR")

    async def debit(self, amount: int, order_id: UUID = ORDER) -> bool:
        """Debit the wallet for the order."""
        async with self._database.transaction() as transaction:
            return await self._ledger.debit(transaction, ALICE, order_id, amount)

    async def refund(self, order_id: UUID = ORDER) -> None:
        """Refund the order."""
        async with self._database.transaction() as transaction:
            await self._ledger.refund(transaction, ALICE, order_id)

    async def state(self) -> tuple[int, list[tuple[str, int]]]:
        """Return the balance and the payments for `ORDER`, after checking that the books balance."""
        async with self._database.reading() as connection:
            snapshot = await take_snapshot(connection)
        assert snapshot.total == 0
        assert all(wallet.balance == wallet.entered >= 0 for wallet in snapshot.wallets.values())
        payments = await self._wallets.payments(ALICE, ORDER)
        balance = (await self._wallets.read(ALICE)).balance.amount
        return balance, [(payment.kind, payment.amount.amount) for payment in payments]


@pytest.fixture
async def steps(database: Database) -> Steps:
    """Steps on a wallet with a balance of 1000."""
    await Wallets(database, Users(), "EUR").top_up(ADMIN, "key", ALICE, 1000)
    return Steps(database)


async def test_order_is_debited_and_refunded(steps: Steps) -> None:
    """An order that is paid and then cancelled restores the balance."""
    assert await steps.debit(700)
    assert await steps.state() == (300, [("debit", 700)])
    await steps.refund()
    assert await steps.state() == (1000, [("debit", 700), ("refund", 700)])


async def test_debit_beyond_the_balance_is_declined(steps: Steps) -> None:
    """A debit may use up the balance, but nothing more."""
    assert not await steps.debit(1001)
    assert await steps.state() == (1000, [])
    assert await steps.debit(1000)


async def test_repeated_step_changes_nothing(steps: Steps) -> None:
    """A repeated step returns the same result, even if the balance would not cover a second debit."""
    assert await steps.debit(700)
    assert await steps.debit(700)
    await steps.refund()
    await steps.refund()
    assert not await steps.debit(700)
    assert await steps.state() == (1000, [("debit", 700), ("refund", 700)])


async def test_debit_after_its_refund_is_declined(steps: Steps) -> None:
    """Messages can overtake each other, and an abandoned order must not be paid."""
    await steps.refund()
    await steps.refund()
    assert not await steps.debit(700)
    assert await steps.state() == (1000, [])
    assert await steps.debit(700, OTHER)


@pytest.mark.parametrize("balance", [None, 0, 500])
async def test_free_order_is_debited_and_refunded(database: Database, balance: int | None) -> None:
    """A free order is paid with any wallet, or without one, and its refund is repeatable."""
    steps = Steps(database)
    if balance is not None:
        await Wallets(database, Users(), "EUR").top_up(ADMIN, "key", ALICE, 500)
        assert await steps.debit(500 - balance, OTHER)
    for _ in range(2):
        assert await steps.debit(0)
        assert await steps.state() == (balance or 0, [("debit", 0)])
    for _ in range(2):
        await steps.refund()
        assert not await steps.debit(0)
        assert await steps.state() == (balance or 0, [("debit", 0), ("refund", 0)])


async def test_abandoned_free_order_is_declined(database: Database) -> None:
    """A refund that overtakes the debit also blocks a debit of 0, without a wallet."""
    steps = Steps(database)
    await steps.refund()
    assert not await steps.debit(0)
    assert await steps.state() == (0, [])


async def test_debit_without_a_wallet_is_declined(database: Database) -> None:
    """A user without any top-up has a balance of 0."""
    steps = Steps(database)
    assert not await steps.debit(1)
    assert await steps.state() == (0, [])


@pytest.mark.parametrize("account", [SALES, FUNDING])
async def test_accounts_of_the_shop_cannot_pay(steps: Steps, database: Database, account: UUID) -> None:
    """Their entries would otherwise be counted on both sides of the books."""
    async with database.transaction() as transaction:
        for amount in (0, 5):
            assert not await Ledger().debit(transaction, account, ORDER, amount)
    assert await steps.state() == (1000, [])


async def test_concurrent_runs_of_a_step_take_effect_once(steps: Steps) -> None:
    """Some of several concurrent deliveries of a message may fail, but the step takes effect once."""
    outcomes = await asyncio.gather(*(steps.debit(300) for _ in range(4)), return_exceptions=True)
    assert True in outcomes
    assert all(outcome is True or isinstance(outcome, DBAPIError) for outcome in outcomes)
    assert await steps.state() == (700, [("debit", 300)])
    failures = await asyncio.gather(*(steps.refund() for _ in range(4)), return_exceptions=True)
    assert all(failure is None or isinstance(failure, DBAPIError) for failure in failures)
    assert await steps.state() == (1000, [("debit", 300), ("refund", 300)])


async def test_concurrent_debits_stop_at_the_balance(steps: Steps) -> None:
    """Of 12 concurrent debits for different orders, the balance covers 3."""
    paid = await asyncio.gather(*(steps.debit(300, UUID(int=number)) for number in range(100, 112)))
    assert sum(paid) == 3
    assert (await steps.state())[0] == 100


async def test_refund_concurrent_with_its_debit_must_be_repeated(database: Database) -> None:
    """A refund cannot see an uncommitted debit and fails; repeated, it finds the debit."""
    await Wallets(database, Users(), "EUR").top_up(ADMIN, "key", ALICE, 1000)
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
