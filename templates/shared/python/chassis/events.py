"""Events: facts that one context tells the others."""

from datetime import datetime
from uuid import UUID

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope. Events with one `key` (an order's id, say) are delivered in order; `id` is unique."""

    id: UUID
    type: str
    version: int
    time: datetime
    key: str
    traceparent: str | None
    data: msgspec.Raw
