"""Windows: the counts of all partitions over the last hour."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from .bucket import Bucket, second_of
from .domain import MINUTES, SECONDS, Conversion, Partition, Summary
from .partition_counts import DecodeError, PartitionCounts
from .ports import Record
from .sales import Sales

log = logging.getLogger(__name__)


class Windows:
    """Counts of the last hour, separate by partition so that each can be stored and taken over independently.

    A record is counted once, however often it is delivered, at its event time, in any order. Late events are
    counted exactly as long as a window covers their time; later ones are in no window.
    """

    def __init__(self, now: datetime) -> None:
        self.counts_by_partition: dict[Partition, PartitionCounts] = {}
        self._sales = Sales()
        self.oldest = 0
        self.advance(now)

    def advance(self, now: datetime) -> None:
        """Drop the minutes that no window covers any longer."""
        oldest = second_of(now) // SECONDS - MINUTES + 1
        if oldest <= self.oldest:
            return
        self.oldest = oldest
        for counts in self.counts_by_partition.values():
            for minute in [minute for minute in counts.buckets if minute < oldest]:
                self._sales.subtract(counts.buckets.pop(minute))
                counts.changed.discard(minute)

    def apply(self, records: Iterable[Record]) -> None:
        """Count the records; their partitions must be in `counts_by_partition`."""
        counts_by_partition, oldest, sales = self.counts_by_partition, self.oldest, self._sales
        for record in records:
            try:
                counts_by_partition[record.partition].count(record, oldest, sales)
            except DecodeError as error:
                log.warning(
                    "Skipped %s at offset %s: not an event: %s", record.partition, record.offset, error
                )

    def put(self, partition: Partition, generation: int, position: int, stored: Mapping[int, Bucket]) -> None:
        """Load stored buckets (by minute) of a partition: all of them at first, later those that changed."""
        counts = self.counts_by_partition.setdefault(partition, PartitionCounts(generation, position))
        counts.generation = generation
        counts.position = counts.saved = position
        for minute, bucket in stored.items():
            if minute < self.oldest:
                continue
            if minute in counts.buckets:
                self._sales.subtract(counts.buckets[minute])
            counts.buckets[minute] = bucket
            self._sales.add(bucket)

    def forget(self, partition: Partition) -> None:
        """Drop the counts of a partition."""
        counts = self.counts_by_partition.pop(partition, None)
        if counts is not None:
            for bucket in counts.buckets.values():
                self._sales.subtract(bucket)

    def summary(self, now: datetime, currency: str) -> Summary:
        """Return the summary at `now`."""
        self.advance(now)
        second = second_of(now)
        buckets = list(self._until(second // SECONDS))
        views = sum(bucket.views for _, bucket in buckets)
        confirmed = sum(bucket.confirmed for _, bucket in buckets)
        return Summary(
            time=now,
            currency=currency,
            orders_per_second=_seconds_before(second % SECONDS, buckets),
            revenue_per_minute=_revenue(buckets),
            refunded=sum(bucket.refunded for _, bucket in buckets),
            top_products=self._sales.top(),
            conversion=Conversion(views, confirmed, confirmed / views if views else None),
        )

    def _until(self, newest: int) -> Iterator[tuple[int, Bucket]]:
        """Iterate over the buckets up to the minute `newest`, with their indexes in the window."""
        for counts in self.counts_by_partition.values():
            for minute, bucket in counts.buckets.items():
                if minute <= newest:
                    yield minute - newest + MINUTES - 1, bucket


def _seconds_before(second: int, buckets: Iterable[tuple[int, Bucket]]) -> list[int]:
    """Return the orders placed in each of the sixty seconds before `second` of the last minute."""
    placed = [0] * (2 * SECONDS)
    for slot, bucket in buckets:
        start = (slot - (MINUTES - 2)) * SECONDS
        if start >= 0:
            for index, count in enumerate(bucket.placed, start):
                placed[index] += count
    return placed[second : second + SECONDS]


def _revenue(buckets: Iterable[tuple[int, Bucket]]) -> list[int]:
    revenue = [0] * MINUTES
    for slot, bucket in buckets:
        revenue[slot] += bucket.revenue
    return revenue
