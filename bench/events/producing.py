"""Run inside a generated project: publish product views at a constant rate, independent of delivery.

Usage: `python producing.py BUS_URL RATE WARM SECONDS`. Each event contains its scheduled time, so
that a slow producer counts as latency. Events of the first WARM seconds, in which connections are opened
and the broker's JVM compiles, contain 0 and are not timed. Prints the number of published events and of
timed ones, and the CPU time and duration of the timed ones.
"""

import asyncio
import json
import sys
import time
from uuid import uuid4

import msgspec

TICK = 0.005
SKUS = 500


async def main(bus_url: str, rate: int, warm: int, seconds: int) -> None:
    """Publish the events."""
    from chassis.clock import now
    from chassis.messaging.bus import BusSettings, open_bus
    from chassis.messaging.bus.envelope import message_of
    from chassis.messaging.events import Event

    bus = open_bus(BusSettings(bus_url=bus_url))
    # IDs are created beforehand: random bytes are a third of the cost here, and no real client needs so many.
    ids = [uuid4() for _ in range(rate * (warm + seconds))]
    publishing: set[asyncio.Task[None]] = set()
    start, sent, cpu = time.time(), 0, 0.0
    while (elapsed := time.time() - start) < warm + seconds:
        if sent < warm * rate:
            cpu = time.process_time()
        due = int(elapsed * rate)
        messages, told_at = [], now()
        for number in range(sent, due):
            key = str(ids[number])
            at = start + number / rate if number >= warm * rate else 0.0
            data = {"sku": f"SKU-{number % SKUS}", "sent": at}
            event = Event(
                id=ids[number], type="ProductViewed", version=1, time=told_at, key=key, traceparent=None,
                data=msgspec.Raw(msgspec.json.encode(data)),
            )  # fmt: skip
            messages.append(message_of(event, "views.v1"))
        sent = due
        if messages:
            task = asyncio.create_task(bus.producer.publish(messages))
            publishing.add(task)
            task.add_done_callback(publishing.discard)
        await asyncio.sleep(TICK)
    await asyncio.gather(*publishing)
    await bus.close()
    told = {
        "sent": sent,
        "timed": sent - warm * rate,
        "cpu": time.process_time() - cpu,
        "elapsed": time.time() - start - warm,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
