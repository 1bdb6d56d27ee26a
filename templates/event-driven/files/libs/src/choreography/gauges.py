"""Metrics of consumer groups: lag, outcomes of events, and dead letters."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import NamedTuple

from chassis.messaging.bus.dead_letters import DeadLetterTimes
from chassis.messaging.bus.dispatcher import Dispatcher
from chassis.serving.program import GaugeSource


class Member(NamedTuple):
    """This process's membership in a group, and the dead letters of the group."""

    dispatcher: Dispatcher
    dead_letters: DeadLetterTimes


def group_gauge_sources(members: Mapping[str, Member]) -> list[GaugeSource]:
    """Return the metrics of the groups; `members` are by group."""

    one_reader = asyncio.Lock()

    async def lag() -> Mapping[str, float]:
        return {group: await member.dispatcher.lag() for group, member in members.items()}

    async def outcomes() -> Mapping[str, float]:
        total: Counter[str] = Counter()
        for member in members.values():
            total.update(asdict(member.dispatcher.counts))
        return total

    async def dead() -> Mapping[str, float]:
        async with one_reader:
            return {group: await member.dead_letters.number() for group, member in members.items()}

    async def age() -> Mapping[str, float]:
        async with one_reader:
            return {group: await member.dead_letters.age() for group, member in members.items()}

    return [
        GaugeSource("bus_lag", "Events that a group has not handled yet, retries included.", "group", lag),
        GaugeSource("bus_events", "Events by outcome since this process started.", "outcome", outcomes),
        GaugeSource("bus_dead_letters", "Dead letters of a group.", "group", dead),
        GaugeSource("bus_dead_letter_age_seconds", "Age of the oldest dead letter.", "group", age),
    ]
