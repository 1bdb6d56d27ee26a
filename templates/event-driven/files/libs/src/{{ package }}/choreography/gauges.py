"""What can be measured of a group: how far it is behind, what became of its events, what it has given up."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict

from ..chassis.bus.dead_letters import DeadLetters
from ..chassis.bus.dispatcher import Dispatcher
from ..chassis.serving.program import GaugeSource


def group_gauge_sources(group: str, dispatcher: Dispatcher, dead_letters: DeadLetters) -> list[GaugeSource]:
    """Return the readings of a group, of which this process has one member, `dispatcher`."""

    one_reader = asyncio.Lock()

    async def lag() -> Mapping[str, float]:
        return {group: await dispatcher.lag()}

    async def outcomes() -> Mapping[str, float]:
        return asdict(dispatcher.counts)

    async def dead() -> Mapping[str, float]:
        async with one_reader:
            return {group: len(await dead_letters.read())}

    async def age() -> Mapping[str, float]:
        async with one_reader:
            return {group: await dead_letters.age()}

    return [
        GaugeSource("bus_lag", "Events that wait for the group, retries included.", "group", lag),
        GaugeSource("bus_events", "What became of events here, since the start.", "outcome", outcomes),
        GaugeSource("bus_dead_letters", "Events that the group has given up.", "group", dead),
        GaugeSource("bus_dead_letter_age_seconds", "How long the oldest of them lies there.", "group", age),
    ]
