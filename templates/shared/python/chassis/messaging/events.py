"""Events: facts that one context publishes to others."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Event envelope. Events with one `key` (like an order's id) are delivered in order; `id` is unique."""

    id: UUID
    type: str
    version: int
    time: datetime
    key: str
    traceparent: str | None
    data: msgspec.Raw


# Handles events that arrived together. It must be idempotent: if it fails, it gets each of them again, alone.
BatchHandler = Callable[[Sequence[Event]], Awaitable[None]]
