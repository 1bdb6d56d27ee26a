"""Tests of the cache: single loads, invalidation and outages of the store."""

import asyncio

import pytest

from ..cache import Cache
from ..cache import cache as module
from ..cache.store import NoStore


class Memory(NoStore):
    """An in-memory store that a test's caches share, and that can be down."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.down = False

    async def get(self, *keys: str) -> list[bytes | None]:
        """Return the values."""
        self._answer()
        return [self.values.get(key) for key in keys]

    async def set(self, key: str, value: bytes, seconds: int) -> None:
        """Store the value without expiry."""
        self._answer()
        self.values[key] = value

    def _answer(self) -> None:
        if self.down:
            raise ConnectionError("down")


class Source:
    """A cached value that changes, and whose loads can be held up."""

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
    """The store that all caches of a test share."""
    return Memory()


@pytest.fixture
def source() -> Source:
    """The value to be cached."""
    return Source()


async def test_a_value_is_loaded_once(store: Memory, source: Source) -> None:
    cache = Cache(store)
    assert await cache.fetch("group", "key", source.load) == b"old"
    assert await cache.fetch("group", "key", source.load) == b"old"
    assert source.loads == 1


async def test_concurrent_callers_share_one_load(store: Memory, source: Source) -> None:
    cache = Cache(store)
    source.gate.clear()
    asking = [asyncio.create_task(cache.fetch("group", "key", source.load)) for _ in range(50)]
    await asyncio.sleep(0.01)
    source.gate.set()
    assert set(await asyncio.gather(*asking)) == {b"old"}
    assert source.loads == 1


async def test_a_cancelled_caller_does_not_cancel_the_load(store: Memory, source: Source) -> None:
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


async def test_an_invalidated_group_is_reloaded_and_others_are_not(store: Memory, source: Source) -> None:
    cache = Cache(store)
    await cache.fetch("group", "key", source.load)
    await cache.fetch("other", "key", source.load)
    source.value = b"new"
    await cache.invalidate("group")
    assert await cache.fetch("group", "key", source.load) == b"new"
    assert await cache.fetch("other", "key", source.load) == b"old"


async def test_another_process_sees_an_invalidation_when_its_own_copy_expires(
    store: Memory, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCAL_SECONDS", 0.05)
    here, there = Cache(store), Cache(store)
    await there.fetch("group", "key", source.load)
    source.value = b"new"
    await here.invalidate("group")
    await asyncio.sleep(0.06)
    assert await there.fetch("group", "key", source.load) == b"new"


async def test_a_load_in_flight_cannot_restore_an_old_value(store: Memory, source: Source) -> None:
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


async def test_none_is_not_cached(store: Memory, source: Source) -> None:
    async def nothing() -> None:
        return None

    cache = Cache(store)
    assert await cache.fetch("group", "key", nothing) is None
    assert await cache.fetch("group", "key", source.load) == b"old"


async def test_a_failed_load_is_retried(store: Memory, source: Source) -> None:
    async def fail() -> bytes:
        raise ValueError

    cache = Cache(store)
    with pytest.raises(ValueError):  # noqa: PT011
        await cache.fetch("group", "key", fail)
    assert await cache.fetch("group", "key", source.load) == b"old"


async def test_the_in_process_tier_is_limited_in_bytes(store: Memory) -> None:
    async def load() -> bytes:
        return b"x" * 800

    cache = Cache(store, local_bytes=100_000)
    for number in range(500):
        await cache.fetch("group", str(number), load)
    assert 50_000 < cache._local.currsize <= 100_000


async def test_the_cache_works_without_its_store(store: Memory, source: Source) -> None:
    store.down = True
    cache = Cache(store)
    assert await cache.fetch("group", "key", source.load) == b"old"
    source.value = b"new"
    await cache.invalidate("group")
    assert await cache.fetch("group", "key", source.load) == b"new"
    await cache.close()


async def test_an_invalidation_during_an_outage_takes_effect_afterwards(
    store: Memory, source: Source
) -> None:
    here, there = Cache(store), Cache(store)
    await here.fetch("group", "key", source.load)
    store.down = True
    source.value = b"new"
    await here.invalidate("group")
    store.down = False
    assert await here.fetch("group", "key", source.load) == b"new"
    await asyncio.sleep(2)
    assert await there.fetch("group", "key", source.load) == b"new"
    await here.close()
