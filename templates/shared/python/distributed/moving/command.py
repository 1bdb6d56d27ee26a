"""The command `move` of a service: `python -m <package>.<service>_service move STEP CONTEXT...`."""

import asyncio
import sys
from collections.abc import Sequence

import click

from ...serving.commands import with_database
from ...settings import Settings
from ..database import Database, DatabaseSettings, DatabaseUrl

STEPS = ("copy", "switch", "roll-back", "finish")


class SourceSettings(Settings):
    """The database that the contexts leave; they move to DATABASE_URL."""

    source_database_url: DatabaseUrl


@click.command()
@click.argument("step", type=click.Choice(STEPS))
@click.argument("contexts", nargs=-1, required=True)
def move(step: str, contexts: tuple[str, ...]) -> int:
    """Move CONTEXTS from SOURCE_DATABASE_URL to DATABASE_URL, one STEP at a time."""
    from .move import MoveRefused

    try:
        asyncio.run(with_database(lambda target: _run(target, step, contexts)))
    except MoveRefused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


async def _run(target: Database, step: str, contexts: Sequence[str]) -> None:
    from .. import migrating
    from .move import MoveRefused, moving

    known = migrating.metadata()
    if unknown := [each for each in contexts if each not in known]:
        raise MoveRefused(f"This service has no context {', '.join(unknown)}. It has: {', '.join(known)}.")
    source = Database(DatabaseSettings(database_url=SourceSettings().source_database_url))
    if "sqlite" in (source.engine.dialect.name, target.engine.dialect.name):
        raise MoveRefused("An embedded database is for development. Use `make seed` instead of a move.")
    try:
        async with moving(source, target, [known[each] for each in contexts]) as move:
            steps = {
                "copy": move.copy,
                "switch": move.switch,
                "roll-back": move.roll_back,
                "finish": move.finish,
            }
            await steps[step]()
    finally:
        await source.close()
