"""Tests of the threads that hash passwords."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from chassis.http.problems import Problem

from ..passwords import NICENESS, Passwords

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Gate(PasswordHasher):
    """A hasher that waits until `open` is set."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.priority = 0
        self.open = threading.Event()
        self.open.set()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        assert self.open.wait(10)
        self.priority = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
        return super().hash(password, salt=salt)


@pytest.fixture
def gate() -> Gate:
    """A hasher that can be blocked."""
    return Gate()


@pytest.fixture
def passwords(gate: Gate) -> Iterator[Passwords]:
    """Passwords with one thread and room for two waiting callers."""
    passwords = Passwords(gate, threads=1, waiting=2)
    gate.open.clear()
    yield passwords
    gate.open.set()
    passwords.close()


def test_excess_calls_are_refused_at_once_and_the_others_are_served(gate: Gate, passwords: Passwords) -> None:
    async def scenario() -> None:
        served = [asyncio.create_task(passwords.hash("a password")) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Problem) as refusal:
            await passwords.hash("a password")
        assert (refusal.value.status, refusal.value.code) == (503, "unavailable")
        assert refusal.value.headers["Retry-After"] == "1"
        gate.open.set()
        assert len({await each for each in served}) == 3
        assert await passwords.hash("a password")

    asyncio.run(scenario())


def test_a_cancelled_caller_does_not_free_the_thread(gate: Gate, passwords: Passwords) -> None:
    async def scenario() -> None:
        running = asyncio.create_task(passwords.hash("a password"))
        waiting = [asyncio.create_task(passwords.hash("a password")) for _ in range(2)]
        await asyncio.sleep(0.05)
        running.cancel()
        waiting[0].cancel()
        await asyncio.sleep(0.05)
        freed = asyncio.create_task(passwords.hash("a password"))
        await asyncio.sleep(0)
        with pytest.raises(Problem):
            await passwords.hash("a password")
        gate.open.set()
        assert await freed
        assert await waiting[1]

    asyncio.run(scenario())


def test_hashing_does_not_block_the_event_loop(gate: Gate, passwords: Passwords) -> None:
    async def scenario() -> str:
        hashing = asyncio.create_task(passwords.hash("a password"))
        await asyncio.sleep(0.01)
        assert not hashing.done()
        gate.open.set()
        return await hashing

    assert asyncio.run(scenario()).startswith("$argon2id$")


@pytest.mark.parametrize(
    ("password", "known", "matches"),
    [("right one", True, True), ("wrong one", True, False), ("right one", False, False)],
)
def test_only_the_right_password_matches(password: str, known: bool, matches: bool) -> None:
    passwords = Passwords(CHEAP)
    encoded = CHEAP.hash("right one") if known else None
    assert asyncio.run(passwords.matches(password, encoded)) is matches
    passwords.close()


def test_a_malformed_hash_matches_nothing() -> None:
    passwords = Passwords(CHEAP)
    assert asyncio.run(passwords.matches("right one", "$argon2id$broken")) is False
    passwords.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_hashes_give_way_to_the_event_loop(gate: Gate, passwords: Passwords) -> None:
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    gate.open.set()
    asyncio.run(passwords.hash("a password"))
    assert gate.priority == min(ours + NICENESS, 19)
    assert os.getpriority(os.PRIO_PROCESS, 0) == ours
