"""The command `move` of a service: `python -m <package>.<service>_service move STEP CONTEXT...`."""

import argparse
import asyncio
import sys

from ...serving.commands import Command, with_database
from ...settings import Settings
from ..database import Database, DatabaseSettings, DatabaseUrl

STEPS = ("copy", "switch", "roll-back", "finish")


class SourceSettings(Settings):
    """The database that the contexts leave; they move to DATABASE_URL."""

    source_database_url: DatabaseUrl


def move() -> Command:
    """Return the command that moves contexts from SOURCE_DATABASE_URL to DATABASE_URL, step by step."""

    def run(args: argparse.Namespace) -> int:
        from .move import MoveRefused

        try:
            asyncio.run(with_database(lambda target: _run(target, args.step, args.contexts)))
        except MoveRefused as refusal:
            print(refusal, file=sys.stderr)
            return 2
        return 0

    def arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("step", choices=STEPS)
        parser.add_argument("contexts", nargs="+", metavar="context")

    return Command("move", "move contexts from SOURCE_DATABASE_URL to DATABASE_URL", run, arguments)


async def _run(target: Database, step: str, contexts: list[str]) -> None:
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
