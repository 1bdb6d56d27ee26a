"""A bus for each test, with topics that no other test has."""

import os
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from .. import BusSettings, open_bus
from ..port import Bus, Topic


@pytest.fixture
def bus_url(tmp_path: Path) -> str:
    """Where the test's bus is."""
    return os.environ.get("TEST_BUS_URL", f"sqlite:///{tmp_path}/bus.db")


@pytest.fixture
async def connect_bus(bus_url: str) -> AsyncIterator[Callable[[], Bus]]:
    """Opens the test's bus; each call stands for another process, with connections of its own."""
    opened: list[Bus] = []

    def open_one() -> Bus:
        opened.append(open_bus(BusSettings(bus_url=bus_url)))
        return opened[-1]

    yield open_one
    for bus in opened:
        await bus.close()


@pytest.fixture
def bus(connect_bus: Callable[[], Bus]) -> Bus:
    """The test's bus, open."""
    return connect_bus()


@pytest.fixture
async def topic(bus: Bus) -> str:
    """A topic of four partitions."""
    name = f"test-{secrets.token_hex(6)}"
    await bus.create([Topic(name, 4)])
    return name


@pytest.fixture
def group() -> str:
    """The name of a group that no other test has."""
    return f"group-{secrets.token_hex(6)}"
