"""What is counted of one minute."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import msgspec

from .domain import SECONDS

_LOW_BITS = (1 << 64) - 1


class Bucket(msgspec.Struct):
    """What one partition told of one minute of event time; amounts are in minor units.

    `placed` counts by second, `units` and `earned` by SKU. `seen` has the order events counted here: an
    outbox may publish an event twice, but always with one time and one key, hence into one partition and one
    bucket, so that it has to be remembered only as long as the bucket (about 125 bytes an event).
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
        """Record an order event; return False if it had been recorded before."""
        # The low half of a UUID is random (but for two bits), which tells the events of one minute apart.
        mark = event_id.int & _LOW_BITS
        if mark in self.seen:
            return False
        self.seen.add(mark)
        return True

    def sell(self, sku: str, units: int, revenue: int) -> None:
        """Count what was sold of a product."""
        self.units[sku] = self.units.get(sku, 0) + units
        self.earned[sku] = self.earned.get(sku, 0) + revenue

    def sold(self) -> Iterator[tuple[str, int, int]]:
        """Iterate over SKU, units and revenue of what was sold."""
        for sku, units in self.units.items():
            yield sku, units, self.earned[sku]


def second_of(time: datetime) -> int:
    """Return the second of Unix time in which the moment lies."""
    return int(time.timestamp() // 1)
