"""The shop's commands: `python -m <package>.app COMMAND`."""

import argparse
import asyncio
import logging.config
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from ..chassis.database import Database, DatabaseSettings
from ..chassis.telemetry.logs import logging_config
from ..chassis.telemetry.settings import TelemetrySettings
from ..orders.tables import outbox

T = TypeVar("T")


def main() -> int:
    """Run one command and return its exit code."""
    arguments = _parser().parse_args()
    logging.config.dictConfig(logging_config(TelemetrySettings()))
    match arguments.command:
        case "serve":
            from . import server

            server.serve(arguments.host, arguments.port)
        case "migrate":
            from ..chassis import migrating

            asyncio.run(_with_database(migrating.upgrade))
        case "seed":
            from .seed import seed

            asyncio.run(seed())
        case "revision":
            from ..chassis import migrating

            print(migrating.new_revision(arguments.context, arguments.message))
        case "dead-letters":
            return asyncio.run(_with_database(lambda database: _dead_letters(database, arguments.retry)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the HTTP interface")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    commands.add_parser("migrate", help="bring the database's tables up to date")
    commands.add_parser("seed", help="fill an empty shop with what it needs to be tried")
    revision = commands.add_parser("revision", help="write an empty migration of one context")
    revision.add_argument("context")
    revision.add_argument("message")
    letters = commands.add_parser("dead-letters", help="list events that could not be delivered")
    letters.add_argument("--retry", type=UUID, metavar="ID", help="let this one be delivered again")
    return parser


async def _dead_letters(database: Database, retry: UUID | None) -> int:
    if retry is not None:
        async with database.transaction() as transaction:
            return 0 if await outbox.revive(transaction, retry) else 1
    async with database.reading() as connection:
        for event in await outbox.dead(connection):
            print(event.id, event.dead_at.isoformat(), event.type, event.key)
    return 0


async def _with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    settings = DatabaseSettings()
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings)
    try:
        return await work(database)
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
