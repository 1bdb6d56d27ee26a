"""Events: facts that one context publishes to others."""

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
