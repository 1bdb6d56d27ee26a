"""Password hashes: argon2id, computed in a few threads so that the event loop never waits for one."""

import asyncio
import os
import secrets
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.http.problems import Problem

T = TypeVar("T")

# The OWASP Password Storage Cheat Sheet's parameters: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

NICENESS = 10
"""How much lower the priority of the threads is: the kernel gives others ten times as much of a busy core."""


class Passwords:
    """Hashes and verifies passwords; `threads` work at once, `waiting` may queue, more are refused."""

    def __init__(self, hasher: PasswordHasher = HASHER, threads: int = 2, waiting: int = 32) -> None:
        self._hasher = hasher
        self._executor = ThreadPoolExecutor(threads, "passwords", initializer=_let_requests_go_first)
        self._slots = BoundedSemaphore(threads + waiting)
        self._decoy = hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """Return the encoded hash of `password`; raise the problem `unavailable` if too many are waiting."""
        return await self._run(lambda: self._hasher.hash(_normal(password)))

    async def matches(self, password: str, encoded: str | None) -> bool:
        """Return whether `password` has this hash. Without a hash it takes as long and returns False."""
        matched = await self._run(lambda: self._verify(_normal(password), encoded or self._decoy))
        return matched and encoded is not None

    def is_outdated(self, encoded: str) -> bool:
        """Return whether a hash was made with other parameters than the current ones."""
        return self._hasher.check_needs_rehash(encoded)

    def close(self) -> None:
        """Finish running hashes and stop the threads."""
        self._executor.shutdown(cancel_futures=True)

    def _verify(self, password: str, encoded: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._slots.acquire(blocking=False):
            detail = "Too many sign-ins right now. Try again later."
            raise Problem(503, "unavailable", detail, headers={"Retry-After": "1"})
        try:
            future: Future[T] = self._executor.submit(work)
        except RuntimeError:
            self._slots.release()
            raise
        # Not in a `finally`: after a caller has disconnected, the thread still works on the hash.
        future.add_done_callback(lambda _: self._slots.release())
        return await asyncio.wrap_future(future)


def _let_requests_go_first() -> None:
    # A request runs for fractions of a millisecond at a time, and would wait for a slice of 3 ms before each.
    if sys.platform == "linux":  # elsewhere, this would be the priority of the whole process
        os.nice(NICENESS)


def _normal(password: str) -> str:
    # One password typed on two keyboards can arrive as different code points (NIST SP 800-63B, 3.1.1.2).
    return normalize("NFKC", password)
