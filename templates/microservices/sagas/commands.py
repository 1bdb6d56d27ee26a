"""Operator commands for sagas."""

import argparse
import asyncio

from chassis.db.database import Database
from chassis.serving.commands import Command, with_database

from .repository import SagaRepository


def overdue_sagas() -> Command:
    """Return the command that lists sagas beyond their deadline, with their last error."""
    return Command("overdue-sagas", "list sagas beyond their deadline and their last errors", _run)


def _run(_arguments: argparse.Namespace) -> None:
    asyncio.run(with_database(list_overdue_sagas))


async def list_overdue_sagas(database: Database) -> None:
    """Print one line per saga: order, deadline, stage, failed attempts and last error."""
    async with database.reading() as connection:
        for each in await SagaRepository.overdue(connection):
            print(each.order_id, each.deadline.isoformat(), each.stage, each.attempts, each.last_error or "")
