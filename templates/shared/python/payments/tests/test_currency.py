"""Tests of the currency that is stored with the amounts."""

import asyncio
from collections.abc import Callable

import pytest

from chassis.db.database import Database
from chassis.serving.startup import StartupRefused

from ..tables import currency


async def test_first_currency_is_the_only_one(connect: Callable[[], Database]) -> None:
    """The first start decides, also for other processes; the message says what to do."""
    first, second = connect(), connect()
    await currency.check(first, "EUR")
    for database in (first, second):
        await currency.check(database, "EUR")
        with pytest.raises(StartupRefused, match="are in EUR: set CURRENCY=EUR"):
            await currency.check(database, "USD")


async def test_of_concurrent_first_starts_one_decides(connect: Callable[[], Database]) -> None:
    """Processes that start at the same moment with different currencies do not all start."""
    codes = ["EUR", "USD"] * 4
    outcomes = await asyncio.gather(
        *(currency.check(connect(), code) for code in codes), return_exceptions=True
    )
    assert [outcome is None for outcome in outcomes] in (
        [code == "EUR" for code in codes],
        [code == "USD" for code in codes],
    )
