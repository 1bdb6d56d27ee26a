"""How many events are on their way, over all consumer groups."""

import asyncio

from chassis.messaging.bus import BusSettings
from chassis.messaging.bus.port import Bus
from chassis.messaging.bus.retries import RetryPath

from .topics import SUBSCRIPTIONS

POLL_SECONDS = 1.0
# An event in an outbox is published within a second, unless the broker or the service is down.
QUIET_SECONDS = 5.0


async def undelivered(bus: Bus) -> int:
    """Return how many published events are not yet handled, scheduled retries included."""
    delays = BusSettings().bus_retry_delays
    paths = {group: RetryPath(group, topics, delays) for group, topics in SUBSCRIPTIONS.items()}
    lags = [await bus.lag(group, path.subscribed) for group, path in paths.items()]
    return sum(sum(lag.values()) for lag in lags)


async def wait_until_idle(bus: Bus) -> int:
    """Wait until no event has been on its way for `QUIET_SECONDS`, and print how many are; return 0."""
    quiet = 0.0
    while quiet < QUIET_SECONDS:
        waiting = await undelivered(bus)
        if waiting:
            print(f"{waiting} events are on their way")
        quiet = 0.0 if waiting else quiet + POLL_SECONDS
        await asyncio.sleep(POLL_SECONDS)
    return 0
