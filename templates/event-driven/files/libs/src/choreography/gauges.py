"""Metrics of a consumer group: lag, outcomes of events, and dead letters."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict

from chassis.messaging.bus.dead_letters import DeadLetters
from chassis.messaging.bus.dispatcher import Dispatcher
from chassis.serving.program import GaugeSource


def group_gauge_sources(group: str, dispatcher: Dispatcher, dead_letters: DeadLetters) -> list[GaugeSource]:
    """Return the metrics of a group; `dispatcher` is this process's member of it."""

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
        GaugeSource("bus_lag", "Events that the group has not handled yet, retries included.", "group", lag),
        GaugeSource("bus_events", "Events by outcome since this process started.", "outcome", outcomes),
        GaugeSource("bus_dead_letters", "Dead letters of the group.", "group", dead),
        GaugeSource("bus_dead_letter_age_seconds", "Age of the oldest dead letter.", "group", age),
    ]
