"""Commands of the bus: `python -m <package>.choreography COMMAND`."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from pydantic import Field

from ..chassis.bus import BusSettings, open_bus
from ..chassis.bus.dead_letters import DeadLetters, list_dead_letters, replay_dead_letters, show_dead_letter
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
        commands.Command("create-topics", "make the topics that are not there yet", _create_topics),
        commands.Command(
            "dead-letters", "list the events that were given up", _with_dead_letters(list_dead_letters)
        ),
        commands.Command(
            "dead-letter", "show one of them", _with_dead_letters(show_dead_letter), _required_id
        ),
        commands.Command(
            "replay", "replay one, or all", _with_dead_letters(replay_dead_letters), _optional_id
        ),
    )


def _create_topics(_asked: argparse.Namespace) -> None:
    async def create(bus: Bus) -> int:
        await bus.create(every_topic(TopicSettings().bus_partitions, BusSettings().bus_retry_delays))
        return 0

    asyncio.run(_with_bus(create))


def _with_dead_letters(work: Callable[..., Awaitable[int]]) -> Callable[[argparse.Namespace], int]:
    def run(asked: argparse.Namespace) -> int:
        async def look(bus: Bus) -> int:
            topics = [topic for group in SUBSCRIPTIONS for topic in dead_letter_topics(group)]
            dead_letters = DeadLetters(bus, topics)
            try:
                return await work(dead_letters, *([asked.id] if "id" in asked else []))
            finally:
                await dead_letters.close()

        return asyncio.run(_with_bus(look))

    return run


async def _with_bus(work: Callable[[Bus], Awaitable[int]]) -> int:
    bus = open_bus(BusSettings())
    try:
        return await work(bus)
    finally:
        await bus.close()


def _required_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")


def _optional_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?")


if __name__ == "__main__":
    sys.exit(main())
