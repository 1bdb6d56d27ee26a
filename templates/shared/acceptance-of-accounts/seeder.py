"""Test data: users, unique names, and waiting for a read model."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from .client import User
from .identity import Identity

VISIBLE_SECONDS = 5.0


class Seeder:
    """Creates test data as the administrator. Names are unique to the run, so runs do not collide."""

    def __init__(self, admin: User, identity: Identity) -> None:
        self.admin = admin
        self.identity = identity
        self._run = uuid4().hex[:8]
        self._numbers = itertools.count()

    def name(self) -> str:
        """Return a new name; names sort by creation."""
        return f"ACC-{self._run}-{next(self._numbers):06d}"

    def customer(self) -> User:
        """Return a new user."""
        return self.identity.sign_in(self.identity.register())


def assert_eventually(read: Callable[[], Any], expected: Any, within: float) -> None:
    """Assert that `read()` equals `expected` within so many seconds: read models may lag behind."""
    deadline = time.monotonic() + within
    while (value := read()) != expected:
        assert time.monotonic() < deadline, f"still {value!r}, not {expected!r}, after {within:.0f} s"
        time.sleep(0.05)
