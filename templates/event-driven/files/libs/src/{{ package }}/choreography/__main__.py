"""Looks after the bus: `python -m <package>.choreography topics`, `letters`, `letter ID`, `replay [ID]`."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from pydantic import Field

from ..chassis.bus import BusSettings, open_bus
from ..chassis.bus.dlq import DeadLetters, list_letters, replay_letters, show_letter
from ..chassis.bus.port import Bus
from ..chassis.serving import commands
from ..chassis.settings import Settings
from .topics import SUBSCRIPTIONS, dead_letter_topics, every_topic


class TopicSettings(Settings):
    """How many partitions a topic gets: so many consumers of one group can work at once."""

    bus_partitions: int = Field(default=6, ge=1, le=1000)


def main() -> int:
    """Run one command and return its exit code."""
    assert __package__
    return commands.main(
        __package__,
        commands.Command("topics", "make the topics that are not there yet", _topics),
        commands.Command("letters", "list the events that were given up", _with_letters(list_letters)),
        commands.Command("letter", "show one of them", _with_letters(show_letter), _one),
        commands.Command("replay", "replay one, or all", _with_letters(replay_letters), _perhaps_one),
    )


def _topics(_asked: argparse.Namespace) -> None:
    async def create(bus: Bus) -> int:
        await bus.create(every_topic(TopicSettings().bus_partitions, BusSettings().bus_retry_delays))
        return 0

    asyncio.run(_with_bus(create))


def _with_letters(work: Callable[..., Awaitable[int]]) -> Callable[[argparse.Namespace], int]:
    def run(asked: argparse.Namespace) -> int:
        async def look(bus: Bus) -> int:
            topics = [topic for group in SUBSCRIPTIONS for topic in dead_letter_topics(group)]
            letters = DeadLetters(bus, topics)
            try:
                return await work(letters, *([asked.id] if "id" in asked else []))
            finally:
                await letters.close()

        return asyncio.run(_with_bus(look))

    return run


async def _with_bus(work: Callable[[Bus], Awaitable[int]]) -> int:
    bus = open_bus(BusSettings())
    try:
        return await work(bus)
    finally:
        await bus.close()


def _one(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")


def _perhaps_one(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?")


if __name__ == "__main__":
    sys.exit(main())
