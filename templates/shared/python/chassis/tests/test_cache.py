"""The cache: loads once, never serves what is stale, does without its store."""

import asyncio

import pytest

from ..cache import Cache
from ..cache import cache as module
from ..cache.store import NoStore


class Memory(NoStore):
    """A store in memory, shared by the caches of a test; it can die."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.dead = False

    async def get(self, *keys: str) -> list[bytes | None]:
        """Return the values."""
        self._answer()
        return [self.values.get(key) for key in keys]

    async def set(self, key: str, value: bytes, seconds: int) -> None:
        """Keep the value for ever."""
        self._answer()
        self.values[key] = value

    def _answer(self) -> None:
        if self.dead:
            raise ConnectionError("dead")


class Source:
    """What is cached: a value that changes, and loads that can be held up."""

    def __init__(self) -> None:
        self.value = b"old"
        self.loads = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def load(self) -> bytes | None:
        """Return the value as of the start of the load."""
        self.loads += 1
        value = self.value
        await self.gate.wait()
        return value


@pytest.fixture
def store() -> Memory:
    """A store."""
    return Memory()


@pytest.fixture
def source() -> Source:
    """A source."""
    return Source()


async def test_a_value_is_loaded_once(store: Memory, source: Source) -> None:
    cache = Cache(store)
    assert await cache.fetch("group", "key", source.load) == b"old"
    assert await cache.fetch("group", "key", source.load) == b"old"
    assert source.loads == 1


async def test_all_who_ask_at_once_share_one_load(store: Memory, source: Source) -> None:
    cache = Cache(store)
    source.gate.clear()
    asking = [asyncio.create_task(cache.fetch("group", "key", source.load)) for _ in range(50)]
    await asyncio.sleep(0.01)
    source.gate.set()
    assert set(await asyncio.gather(*asking)) == {b"old"}
    assert source.loads == 1


async def test_a_caller_that_gives_up_does_not_spoil_the_load(store: Memory, source: Source) -> None:
    cache = Cache(store)
    source.gate.clear()
    first = asyncio.create_task(cache.fetch("group", "key", source.load))
    second = asyncio.create_task(cache.fetch("group", "key", source.load))
    await asyncio.sleep(0.01)
    first.cancel()
    source.gate.set()
    assert await second == b"old"


async def test_another_process_finds_the_value_in_the_store(store: Memory, source: Source) -> None:
    await Cache(store).fetch("group", "key", source.load)
    assert await Cache(store).fetch("group", "key", source.load) == b"old"
    assert source.loads == 1


async def test_a_renewed_group_is_loaded_anew_and_another_is_not(store: Memory, source: Source) -> None:
    cache = Cache(store)
    await cache.fetch("group", "key", source.load)
    await cache.fetch("other", "key", source.load)
    source.value = b"new"
    await cache.invalidate("group")
    assert await cache.fetch("group", "key", source.load) == b"new"
    assert await cache.fetch("other", "key", source.load) == b"old"


async def test_another_process_sees_a_renewal_when_its_own_copy_expires(
    store: Memory, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCAL_SECONDS", 0.05)
    here, there = Cache(store), Cache(store)
    await there.fetch("group", "key", source.load)
    source.value = b"new"
    await here.invalidate("group")
    await asyncio.sleep(0.06)
    assert await there.fetch("group", "key", source.load) == b"new"


async def test_a_load_in_flight_cannot_bring_an_old_value_back(store: Memory, source: Source) -> None:
    here, there = Cache(store), Cache(store)
    source.gate.clear()
    slow = asyncio.create_task(here.fetch("group", "key", source.load))
    await asyncio.sleep(0.01)
    source.value = b"new"
    await here.invalidate("group")
    source.gate.set()
    assert await slow == b"old"
    assert await here.fetch("group", "key", source.load) == b"new"
    assert await there.fetch("group", "key", source.load) == b"new"


async def test_nothing_is_not_kept(store: Memory, source: Source) -> None:
    async def nothing() -> None:
        return None

    cache = Cache(store)
    assert await cache.fetch("group", "key", nothing) is None
    assert await cache.fetch("group", "key", source.load) == b"old"


async def test_a_failed_load_is_tried_again(store: Memory, source: Source) -> None:
    async def fail() -> bytes:
        raise ValueError

    cache = Cache(store)
    with pytest.raises(ValueError):  # noqa: PT011
        await cache.fetch("group", "key", fail)
    assert await cache.fetch("group", "key", source.load) == b"old"


async def test_the_process_holds_a_bounded_number_of_bytes(store: Memory) -> None:
    async def load() -> bytes:
        return b"x" * 800

    cache = Cache(store, local_bytes=100_000)
    for number in range(500):
        await cache.fetch("group", str(number), load)
    assert 50_000 < cache._local.currsize <= 100_000


async def test_a_dead_store_is_done_without(store: Memory, source: Source) -> None:
    store.dead = True
    cache = Cache(store)
    assert await cache.fetch("group", "key", source.load) == b"old"
    source.value = b"new"
    await cache.invalidate("group")
    assert await cache.fetch("group", "key", source.load) == b"new"
    await cache.close()


async def test_what_was_renewed_while_the_store_was_dead_is_stale_when_it_is_back(
    store: Memory, source: Source
) -> None:
    here, there = Cache(store), Cache(store)
    await here.fetch("group", "key", source.load)
    store.dead = True
    source.value = b"new"
    await here.invalidate("group")
    store.dead = False
    assert await here.fetch("group", "key", source.load) == b"new"
    await asyncio.sleep(1.6)
    assert await there.fetch("group", "key", source.load) == b"new"
    await here.close()
