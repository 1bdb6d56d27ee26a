"""Identifiers that sort by creation time."""

import os
import time
from datetime import datetime
from uuid import UUID

# Lower ids belong to the shop itself, such as the accounts of its ledger, and never to a user.
FIRST_ID = UUID(int=1 << 16)


def new_id() -> UUID:
    """Return a UUID version 7 (RFC 9562, section 5.7): Unix time in milliseconds, then random bits."""
    return _id(time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10), "big"))


def first_id_at(moment: datetime) -> UUID:
    """Return the lowest id that `new_id` could have returned at that moment; no id is from before 1970."""
    return _id(max(int(moment.timestamp() * 1000), 0), 0)


def _id(milliseconds: int, rest: int) -> UUID:
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | rest
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
