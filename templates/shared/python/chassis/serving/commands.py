"""The commands of a program: `python -m <package> COMMAND`."""

import asyncio
import importlib
import logging.config
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import click
import sqlalchemy as sa
from pydantic import ValidationError
from pydantic_settings import SettingsError

from ..db.database import Database, DatabaseSettings
from ..messaging.outbox import Outbox
from ..settings import explain
from ..telemetry import retry_logs
from ..telemetry.logs import logging_config
from ..telemetry.settings import TelemetrySettings
from .startup import StartupRefused, check_connection

T = TypeVar("T")
waiting = click.option(
    "--wait", default=0.0, metavar="SECONDS", help="Wait this long for the server to respond."
)
"""An option of commands that may start before their server."""


def main(program: str, *commands: click.Command) -> int:
    """Run the command named on the command line; return the exit code, which is what it returns, or 0."""
    group = click.Group(commands=commands, callback=_start_logging)
    try:
        return group.main(prog_name=f"python -m {program}", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (StartupRefused, SettingsError) as refusal:
        print(refusal, file=sys.stderr)
    except ValidationError as error:
        print(explain(error), file=sys.stderr)
    return 1


def serve(module: str) -> click.Command:
    """Return the command that serves what `create` of the module makes, unless its `check` refuses it."""

    @click.command("serve")
    @click.option("--host", default="127.0.0.1", show_default=True)
    @click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
    def run(host: str, port: int) -> None:
        """Serve the HTTP interface."""
        from . import server

        # Not in the server's worker: its reason would be one of many messages.
        asyncio.run(importlib.import_module(module).check())
        server.serve(f"{module}:create", host, port)

    return run


@click.command()
@waiting
def migrate(wait: float) -> None:
    """Migrate the database to the newest version."""
    from ..db import migrating

    asyncio.run(with_database(migrating.upgrade, wait))


@click.command()
@click.argument("context")
@click.argument("message")
def revision(context: str, message: str) -> int:
    """Write a migration from the tables of CONTEXT. MESSAGE says what it does."""
    from ..db.migrating.revisions import Refused, new_revision

    try:
        new = asyncio.run(new_revision(context, message))
    except Refused as error:
        print(error, file=sys.stderr)
        return 2
    print(new.path, *new.remarks, sep="\n")
    return 0


def dead_letters(outbox: Outbox) -> click.Command:
    """Return the command that lists and retries the dead letters of `outbox`."""

    @click.command("dead-letters")
    @click.option("--retry", type=click.UUID, metavar="ID", help="Retry the event with this id.")
    def run(retry: UUID | None) -> int:
        """List events that could not be delivered."""
        return asyncio.run(with_database(lambda database: _dead_letters(database, outbox, retry)))

    return run


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


def _start_logging() -> None:
    logging.config.dictConfig(logging_config(TelemetrySettings()))
    retry_logs.install()
