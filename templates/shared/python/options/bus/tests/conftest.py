"""Fixtures: a bus for each test, with topics and groups of unique names."""

import os
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from .. import BusSettings, open_bus
from ..port import Bus, Topic


@pytest.fixture
def bus_url(tmp_path: Path) -> str:
    """The address of the bus under test."""
    return os.environ.get("TEST_BUS_URL", f"sqlite:///{tmp_path}/bus.db")


@pytest.fixture
async def connect_bus(bus_url: str) -> AsyncIterator[Callable[[], Bus]]:
    """Opens the bus under test; each call stands for another process with its own connection."""
    opened: list[Bus] = []

    def open_one() -> Bus:
        opened.append(open_bus(BusSettings(bus_url=bus_url)))
        return opened[-1]

    yield open_one
    for bus in opened:
        await bus.close()


@pytest.fixture
def bus(connect_bus: Callable[[], Bus]) -> Bus:
    """A connection to the bus under test."""
    return connect_bus()


@pytest.fixture
async def topic(bus: Bus) -> str:
    """The name of a new topic with four partitions."""
    name = f"test-{secrets.token_hex(6)}"
    await bus.create([Topic(name, 4)])
    return name


@pytest.fixture
def group() -> str:
    """A unique group name."""
    return f"group-{secrets.token_hex(6)}"
