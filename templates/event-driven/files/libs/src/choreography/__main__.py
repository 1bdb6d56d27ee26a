"""Command line of the event bus: `python -m choreography COMMAND`."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from pydantic import Field

from chassis.messaging.bus import BusSettings, open_bus
from chassis.messaging.bus.dead_letters import (
    DeadLetters,
    list_dead_letters,
    replay_dead_letters,
    show_dead_letter,
)
from chassis.messaging.bus.port import Bus, BusUnavailable
from chassis.serving import commands
from chassis.serving.startup import StartupRefused, wait_at_most
from chassis.settings import Settings

from .progress import wait_until_idle
from .topics import SUBSCRIPTIONS, dead_letter_topics, every_topic


class TopicSettings(Settings):
    """Number of partitions per topic, which limits how many consumers of a group work concurrently."""

    bus_partitions: int = Field(default=6, ge=1, le=1000)


def main() -> int:
    """Run one command and return its exit code."""
    assert __package__
    return commands.main(
        __package__,
        commands.Command("create-topics", "create missing topics", _create_topics, commands.waiting),
        commands.Command("dead-letters", "list dead letters", _with_dead_letters(list_dead_letters)),
        commands.Command(
            "dead-letter", "show one dead letter", _with_dead_letters(show_dead_letter), _required_id
        ),
        commands.Command(
            "replay", "replay one dead letter, or all", _with_dead_letters(replay_dead_letters), _optional_id
        ),
        commands.Command(
            "wait-until-idle",
            "wait until every event is handled",
            lambda _: asyncio.run(_with_bus(wait_until_idle)),
        ),
    )


def _create_topics(arguments: argparse.Namespace) -> None:
    async def create(bus: Bus) -> int:
        await wait_at_most(arguments.wait, "bus", bus.ping)
        await bus.create(every_topic(TopicSettings().bus_partitions, BusSettings().bus_retry_delays))
        return 0

    asyncio.run(_with_bus(create))


def _with_dead_letters(command: Callable[..., Awaitable[int]]) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        async def use(bus: Bus) -> int:
            topics = [topic for group in SUBSCRIPTIONS for topic in dead_letter_topics(group)]
            dead_letters = DeadLetters(bus, topics)
            try:
                return await command(dead_letters, *([arguments.id] if "id" in arguments else []))
            finally:
                await dead_letters.close()

        return asyncio.run(_with_bus(use))

    return run


async def _with_bus(work: Callable[[Bus], Awaitable[int]]) -> int:
    bus = open_bus(BusSettings())
    try:
        return await work(bus)
    except BusUnavailable as error:
        raise StartupRefused(f"The bus did not respond: {error} Check BUS_URL.") from error
    finally:
        await bus.close()


def _required_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")


def _optional_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?")


if __name__ == "__main__":
    sys.exit(main())
