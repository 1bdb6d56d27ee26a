"""The commands of a program: `python -m <package> COMMAND`."""

import argparse
import asyncio
import importlib
import logging.config
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import ValidationError
from pydantic_settings import SettingsError

from ..db.database import Database, DatabaseSettings
from ..messaging.outbox import Outbox
from ..settings import explain
from ..telemetry import retry_logs
from ..telemetry.logs import logging_config
from ..telemetry.settings import TelemetrySettings
from .ports import port_number
from .startup import StartupRefused, check_connection

T = TypeVar("T")
Arguments = Callable[[argparse.ArgumentParser], object]


def _none(_parser: argparse.ArgumentParser) -> None:
    """Declare no arguments."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `run` takes the parsed arguments and returns the exit code, or None for 0."""

    name: str
    help: str
    run: Callable[[argparse.Namespace], int | None]
    arguments: Arguments = _none


def main(program: str, *commands: Command) -> int:
    """Run the command named on the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}")
    choices = parser.add_subparsers(required=True)
    for command in commands:
        choice = choices.add_parser(command.name, help=command.help)
        command.arguments(choice)
        choice.set_defaults(run=command.run)
    args = parser.parse_args()
    try:
        logging.config.dictConfig(logging_config(TelemetrySettings()))
        retry_logs.install()
        return args.run(args) or 0
    except (StartupRefused, SettingsError) as refusal:
        print(refusal, file=sys.stderr)
    except ValidationError as error:
        print(explain(error), file=sys.stderr)
    return 1


def serve(module: str) -> Command:
    """Return the command that serves what `create` of the module makes, unless its `check` refuses it."""

    def run(args: argparse.Namespace) -> None:
        from . import server

        # Not in the server's worker: its reason would be one of many messages.
        asyncio.run(importlib.import_module(module).check())
        server.serve(f"{module}:create", args.host, args.port)

    def arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=port_number, default=8000)

    return Command("serve", "serve the HTTP interface", run, arguments)


def migrate() -> Command:
    """Return the command that migrates the database."""

    def run(args: argparse.Namespace) -> None:
        from ..db import migrating

        asyncio.run(with_database(migrating.upgrade, args.wait))

    return Command("migrate", "migrate the database to the newest version", run, waiting)


def waiting(parser: argparse.ArgumentParser) -> None:
    """Declare the argument `--wait` of a command that may start before its server."""
    parser.add_argument(
        "--wait", type=float, default=0, metavar="SECONDS", help="wait this long for the server to respond"
    )


def revision() -> Command:
    """Return the command that writes a new migration."""

    def run(args: argparse.Namespace) -> int:
        from ..db.migrating.revisions import Refused, new_revision

        try:
            new = asyncio.run(new_revision(args.context, args.message))
        except Refused as error:
            print(error, file=sys.stderr)
            return 2
        print(new.path, *new.remarks, sep="\n")
        return 0

    def arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("context")
        parser.add_argument("message", help="what the migration does, such as 'Add the weight'")

    return Command("revision", "write a migration from the tables of a context", run, arguments)


def dead_letters(outbox: Outbox) -> Command:
    """Return the command that lists and retries the dead letters of `outbox`."""

    def run(args: argparse.Namespace) -> int:
        return asyncio.run(with_database(lambda database: _dead_letters(database, outbox, args.retry)))

    def arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--retry", type=UUID, metavar="ID", help="retry the event with this id")

    return Command("dead-letters", "list events that could not be delivered", run, arguments)


async def with_database(work: Callable[[Database], Awaitable[T]], wait_seconds: float = 0) -> T:
    """Call `work` with the configured database; create the folder of an embedded one first."""
    settings = DatabaseSettings()
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        with suppress(OSError):
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings)
    try:
        await check_connection(database, wait_seconds)
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
