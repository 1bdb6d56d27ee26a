"""What can be measured of a group: how far it is behind, what became of its events, what it has given up."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict

from ..chassis.bus.dispatch import Dispatcher
from ..chassis.bus.dlq import DeadLetters
from ..chassis.serving.program import Reading


def readings_of(group: str, dispatcher: Dispatcher, letters: DeadLetters) -> list[Reading]:
    """Return the readings of a group, of which this process has one member, `dispatcher`."""

    one_reader = asyncio.Lock()

    async def lag() -> Mapping[str, float]:
        return {group: await dispatcher.lag()}

    async def outcomes() -> Mapping[str, float]:
        return asdict(dispatcher.counts)

    async def dead() -> Mapping[str, float]:
        async with one_reader:
            return {group: len(await letters.read())}

    async def age() -> Mapping[str, float]:
        async with one_reader:
            return {group: await letters.age()}

    return [
        Reading("bus_lag", "Events that wait for the group, retries included.", "group", lag),
        Reading("bus_events", "What became of events here, since the start.", "outcome", outcomes),
        Reading("bus_dead_letters", "Events that the group has given up.", "group", dead),
        Reading("bus_dead_letter_age_seconds", "How long the oldest of them lies there.", "group", age),
    ]
