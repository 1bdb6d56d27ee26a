"""Command line of the analytics service: `python -m <package>.analytics_service COMMAND`."""

import argparse
import asyncio
import sys

from ..analytics.rebuild import rebuild
from ..chassis.bus import BusSettings, open_bus
from ..chassis.database import Database
from ..chassis.serving import commands


def _rebuild(_arguments: argparse.Namespace) -> None:
    async def run(database: Database) -> None:
        bus = open_bus(BusSettings())
        try:
            for (topic, number), position in sorted((await rebuild(database, bus)).items()):
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
            commands.migrate(),
            commands.revision(),
            commands.Command("rebuild", "recount all events while the service runs", _rebuild),
        )
    )
