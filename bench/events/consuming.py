"""Run inside a generated project: count events as its analytics service does, and time each of them.

Usage: `python consuming.py BUS_URL DATABASE_URL`, in the project's folder. Prints `ready`. At the end of its
input, it prints the number of counted events and their latencies (in ms, from the time in the event until
it is counted; events with time 0 are excluded), and stops.
"""

import asyncio
import contextlib
import json
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

import msgspec


class Timed(msgspec.Struct):
    """Fields of an event that are read."""

    data: "Sent"


class Sent(msgspec.Struct):
    """Scheduled send time, in seconds of the system clock."""

    sent: float = 0.0


async def main(bus_url: str, database_url: str) -> None:
    """Consume events until the input ends."""
    from chassis.db.database import Database, DatabaseSettings
    from chassis.db.migrating import upgrade
    from chassis.messaging.bus import BusSettings, open_bus
    from shop.analytics.service import Analytics

    database = Database(DatabaseSettings(database_url=database_url))
    await upgrade(database)
    bus = open_bus(BusSettings(bus_url=bus_url))
    seen = Seen(bus)
    analytics = Analytics(database, seen, "EUR")
    ended = threading.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    decoder = msgspec.json.Decoder(Timed)
    latencies: list[float] = []
    counted = 0
    cpu = 0.0
    ready = False
    while not ended.is_set() or seen.records:
        await analytics.step()
        now = time.time()
        taken = seen.taken()
        counted += len(taken)
        due = (decoder.decode(record.value).data.sent for record in taken)
        latencies += [(now - sent) * 1000 for sent in due if sent]
        if not latencies:
            cpu = time.process_time()
        if not ready and (ready := seen.polled):
            print("ready", flush=True)
    cpu = time.process_time() - cpu
    await analytics.close()
    await bus.close()
    await database.close()
    print(json.dumps({"counted": counted, "latencies": latencies, "cpu": cpu}))


class Seen:
    """Event bus that remembers the records of the last poll."""

    def __init__(self, bus: Any) -> None:
        self._bus = bus
        self.records: Sequence[Any] = ()
        self.polled = False

    def taken(self) -> Sequence[Any]:
        """Return and forget the records of the last poll."""
        records, self.records = self.records, ()
        return records

    async def consumer(self, *arguments: Any) -> Any:
        """Join the consumer group."""
        consumer = await self._bus.consumer(*arguments)
        poll = consumer.poll

        async def remembering(limit: int, seconds: float) -> Sequence[Any]:
            self.records = await poll(limit, seconds)
            self.polled = True
            return self.records

        consumer.poll = remembering
        return consumer

    async def reader(self, topics: Sequence[str]) -> Any:
        """Read from the first event."""
        return await self._bus.reader(topics)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(*sys.argv[1:]))
