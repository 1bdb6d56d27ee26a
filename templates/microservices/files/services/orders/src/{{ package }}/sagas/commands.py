"""What operators can ask of the sagas."""

import argparse
import asyncio

from ..chassis.database import Database
from ..chassis.serving.commands import Command, with_database
from ..orders.repository import OrderRepository
from .repository import SagaRepository


def overdue_sagas() -> Command:
    """List the orders that should have ended by now, and what keeps each of them from it."""
    return Command("overdue-sagas", "list orders beyond their deadline, and what keeps them", _run)


def _run(_asked: argparse.Namespace) -> None:
    asyncio.run(with_database(list_overdue_sagas))


async def list_overdue_sagas(database: Database) -> None:
    """Print a line for each: order, deadline, stage, failed attempts, and the last error."""
    async with database.reading() as connection:
        for each in await SagaRepository(database, OrderRepository(database)).overdue(connection):
            print(each.order_id, each.deadline.isoformat(), each.stage, each.attempts, each.last_error or "")
