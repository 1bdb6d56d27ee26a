"""Runs inside a generated project: publishes product views at a constant rate, whatever becomes of them.

Usage: `python producing.py BUS_URL RATE SECONDS`. Each event carries the time at which it was due, so that a
producer that falls behind counts as latency. Prints how many were published and the CPU time that it took.
"""

import asyncio
import json
import sys
import time
from uuid import uuid4

import msgspec

TICK = 0.005
SKUS = 500


async def main(bus_url: str, rate: int, seconds: int) -> None:
    """Publish."""
    from shop.chassis.bus import BusSettings, open_bus
    from shop.chassis.bus.envelope import message_of
    from shop.chassis.clock import now
    from shop.chassis.events import Event

    bus = open_bus(BusSettings(bus_url=bus_url))
    publishing: set[asyncio.Task[None]] = set()
    start, sent = time.time(), 0
    while (elapsed := time.time() - start) < seconds:
        due = int(elapsed * rate)
        messages = []
        for number in range(sent, due):
            event_id = uuid4()
            data = {"sku": f"SKU-{number % SKUS}", "sent": start + number / rate}
            event = Event(
                id=event_id, type="ProductViewed", version=1, time=now(), key=str(event_id), traceparent=None,
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
    print(json.dumps({"sent": sent, "cpu": time.process_time(), "elapsed": time.time() - start}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
