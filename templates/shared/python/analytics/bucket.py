"""Bucket: the counts of one minute."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import msgspec

from .domain import SECONDS

_LOW_BITS = (1 << 64) - 1


class Bucket(msgspec.Struct):
    """Counts of one partition in one minute of event time; amounts are in minor units.

    `placed` is by second, `units` and `earned` are by SKU. `seen` holds the order events counted here, about
    125 bytes each. An outbox may publish an event twice, but with the same time and key, and thus to the same
    partition and bucket. So an event has to be remembered only as long as its bucket.
    """

    views: int = 0
    placed: list[int] = msgspec.field(default_factory=lambda: [0] * SECONDS)
    confirmed: int = 0
    revenue: int = 0
    refunded: int = 0
    units: dict[str, int] = {}
    earned: dict[str, int] = {}
    seen: set[int] = set()

    def first_time(self, event_id: UUID) -> bool:
        """Record an order event; return False if it was recorded before."""
        # The low half of a UUID has 62 random bits, enough to tell the events of one minute apart.
        mark = event_id.int & _LOW_BITS
        if mark in self.seen:
            return False
        self.seen.add(mark)
        return True

    def sell(self, sku: str, units: int, revenue: int) -> None:
        """Count the sale of a product."""
        self.units[sku] = self.units.get(sku, 0) + units
        self.earned[sku] = self.earned.get(sku, 0) + revenue

    def sold(self) -> Iterator[tuple[str, int, int]]:
        """Iterate over SKU, units and revenue of the sales."""
        for sku, units in self.units.items():
            yield sku, units, self.earned[sku]


def second_of(time: datetime) -> int:
    """Return the Unix time of a moment in whole seconds."""
    return int(time.timestamp() // 1)
