"""A process that consumes until SIGTERM: `python -m ... BUS DATABASE GROUP TOPIC`.

Handling an event takes a moment, so that there is always work in progress.
"""

import asyncio
import signal
import sys

from ....db.database import Database, DatabaseSettings
from .. import BusSettings, open_bus
from ..dispatcher import Dispatcher
from ..record_processor import Subscription
from .shop import Counting, blocked_keys

MOMENT_SECONDS = 0.002


async def main(bus_url: str, database_url: str, group: str, topic: str) -> None:
    """Consume until SIGTERM."""
    bus = open_bus(BusSettings(bus_url=bus_url))
    database = Database(DatabaseSettings(database_url=database_url))
    counting = Counting(database)
    counting.before = _take_a_moment
    dispatcher = Dispatcher(
        bus, database, blocked_keys, Subscription(group, [topic], counting.handle), (0.3,)
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, dispatcher.stop)
    await dispatcher.run()
    await bus.close()
    await database.close()


async def _take_a_moment(_: int) -> None:
    await asyncio.sleep(MOMENT_SECONDS)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
