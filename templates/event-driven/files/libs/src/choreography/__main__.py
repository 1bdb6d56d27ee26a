"""Command line of the event bus: `python -m choreography COMMAND`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

import click
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


@click.command()
@commands.waiting
def create_topics(wait: float) -> int:
    """Create missing topics."""

    async def create(bus: Bus) -> int:
        await wait_at_most(wait, "bus", bus.ping)
        await bus.create(every_topic(TopicSettings().bus_partitions, BusSettings().bus_retry_delays))
        return 0

    return asyncio.run(_with_bus(create))


@click.command("dead-letters")
def list_all() -> int:
    """List dead letters."""
    return _with_dead_letters(list_dead_letters)


@click.command("dead-letter")
@click.argument("id")
def show_one(id: str) -> int:
    """Show one dead letter."""
    return _with_dead_letters(lambda dead_letters: show_dead_letter(dead_letters, id))


@click.command()
@click.argument("id", required=False)
def replay(id: str | None) -> int:
    """Replay one dead letter, or all."""
    return _with_dead_letters(lambda dead_letters: replay_dead_letters(dead_letters, id))


@click.command("wait-until-idle")
def wait() -> int:
    """Wait until every event is handled."""
    return asyncio.run(_with_bus(wait_until_idle))


def _with_dead_letters(work: Callable[[DeadLetters], Awaitable[int]]) -> int:
    async def use(bus: Bus) -> int:
        topics = [topic for group in SUBSCRIPTIONS for topic in dead_letter_topics(group)]
        dead_letters = DeadLetters(bus, topics)
        try:
            return await work(dead_letters)
        finally:
            await dead_letters.close()

    return asyncio.run(_with_bus(use))


async def _with_bus(work: Callable[[Bus], Awaitable[int]]) -> int:
    bus = open_bus(BusSettings())
    try:
        return await work(bus)
    except BusUnavailable as error:
        raise StartupRefused(f"The bus did not respond: {error} Check BUS_URL.") from error
    finally:
        await bus.close()


if __name__ == "__main__":
    assert __package__
    sys.exit(commands.main(__package__, create_topics, list_all, show_one, replay, wait))
