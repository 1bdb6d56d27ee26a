"""Command line of the analytics service: `python -m <package>.analytics_service COMMAND`."""

import asyncio
import sys

import click

from chassis.db.database import Database
from chassis.messaging.bus import BusSettings, open_bus
from chassis.serving import commands

from ..analytics import rebuild as rebuilding


@click.command()
def rebuild() -> None:
    """Recount all events while the service runs."""

    async def run(database: Database) -> None:
        bus = open_bus(BusSettings())
        try:
            for (topic, number), position in sorted((await rebuilding.rebuild(database, bus)).items()):
                print(f"{topic}[{number}]: {position} events")
        finally:
            await bus.close()

    asyncio.run(commands.with_database(run))


if __name__ == "__main__":
    assert __package__
    sys.exit(
        commands.main(
            __package__,
            commands.serve(f"{__package__}.main"),
            commands.migrate,
            commands.revision,
            rebuild,
        )
    )
