"""The commands of a program: `python -m <package> COMMAND`."""

import argparse
import asyncio
import logging.config
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from ..database import Database, DatabaseSettings
from ..outbox import Outbox
from ..telemetry.logs import logging_config
from ..telemetry.settings import TelemetrySettings

T = TypeVar("T")
Arguments = Callable[[argparse.ArgumentParser], object]


def _none(_parser: argparse.ArgumentParser) -> None:
    """Ask for no arguments."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `run` gets its arguments and returns the exit code, or nothing for 0."""

    name: str
    help: str
    run: Callable[[argparse.Namespace], int | None]
    arguments: Arguments = _none


def main(program: str, *commands: Command) -> int:
    """Run the command that was asked for and return its exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}")
    choices = parser.add_subparsers(required=True)
    for command in commands:
        choice = choices.add_parser(command.name, help=command.help)
        command.arguments(choice)
        choice.set_defaults(run=command.run)
    asked = parser.parse_args()
    logging.config.dictConfig(logging_config(TelemetrySettings()))
    return asked.run(asked) or 0


def serve(factory: str) -> Command:
    """Serve what `factory`, an import string, makes."""

    def run(asked: argparse.Namespace) -> None:
        from . import server

        server.serve(factory, asked.host, asked.port)

    def arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    return Command("serve", "serve the HTTP interface", run, arguments)


def migrate() -> Command:
    """Bring the tables up to date."""

    def run(_asked: argparse.Namespace) -> None:
        from .. import migrating

        asyncio.run(with_database(migrating.upgrade))

    return Command("migrate", "bring the database's tables up to date", run)


def revision() -> Command:
    """Begin a migration."""

    def run(asked: argparse.Namespace) -> None:
        from .. import migrating

        print(migrating.new_revision(asked.context, asked.message))

    def arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("context")
        parser.add_argument("message")

    return Command("revision", "write an empty migration of one context", run, arguments)


def dead_letters(outbox: Outbox) -> Command:
    """Look after the events of `outbox` that could not be delivered."""

    def run(asked: argparse.Namespace) -> int:
        return asyncio.run(with_database(lambda database: _dead_letters(database, outbox, asked.retry)))

    def arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--retry", type=UUID, metavar="ID", help="let this one be delivered again")

    return Command("dead-letters", "list events that could not be delivered", run, arguments)


async def with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Do `work` with the database that the environment names; the folder of an embedded one is made."""
    settings = DatabaseSettings()
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings)
    try:
        return await work(database)
    finally:
        await database.close()


async def _dead_letters(database: Database, outbox: Outbox, retry: UUID | None) -> int:
    if retry is not None:
        async with database.transaction() as transaction:
            return 0 if await outbox.redrive(transaction, retry) else 1
    async with database.reading() as connection:
        for event in await outbox.dead(connection):
            print(event.id, event.dead_at.isoformat(), event.type, event.key)
    return 0
