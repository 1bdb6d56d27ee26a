"""Operator commands for sagas."""

import asyncio

import click

from chassis.db.database import Database
from chassis.serving.commands import with_database

from .repository import SagaRepository


@click.command()
def overdue_sagas() -> None:
    """List sagas beyond their deadline and their last errors."""
    asyncio.run(with_database(list_overdue_sagas))


async def list_overdue_sagas(database: Database) -> None:
    """Print one line per saga: order, deadline, stage, failed attempts and last error."""
    async with database.reading() as connection:
        for each in await SagaRepository.overdue(connection):
            print(each.order_id, each.deadline.isoformat(), each.stage, each.attempts, each.last_error or "")
