"""The windows: what the partitions together tell of the last hour."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from .bucket import Bucket, second_of
from .domain import MINUTES, SECONDS, Conversion, Partition, Summary
from .fold import Fold, Unreadable
from .ports import Record
from .sales import Sales

log = logging.getLogger(__name__)


class Windows:
    """The last hour, kept apart by partition, so that each part can be stored and taken over alone.

    A record counts once, however often it comes. It counts at its event's own time, in whatever order it
    comes, as long as a window shows that time; so late events are exact, and later ones would not be seen.
    """

    def __init__(self, now: datetime) -> None:
        self.folds: dict[Partition, Fold] = {}
        self._sales = Sales()
        self.oldest = 0
        self.advance(now)

    def advance(self, now: datetime) -> None:
        """Drop the minutes that have left the windows."""
        oldest = second_of(now) // SECONDS - MINUTES + 1
        if oldest <= self.oldest:
            return
        self.oldest = oldest
        for fold in self.folds.values():
            for minute in [minute for minute in fold.buckets if minute < oldest]:
                self._sales.subtract(fold.buckets.pop(minute))
                fold.changed.discard(minute)

    def apply(self, records: Iterable[Record]) -> None:
        """Count records of partitions that are in `folds`."""
        folds, oldest, sales = self.folds, self.oldest, self._sales
        for record in records:
            try:
                folds[record.topic, record.partition].count(record, oldest, sales)
            except Unreadable as error:
                place = f"{record.topic}[{record.partition}]@{record.offset}"
                log.warning("The record at %s is no event and is left out: %s", place, error)

    def put(self, partition: Partition, generation: int, position: int, stored: Mapping[int, Bucket]) -> None:
        """Take over stored buckets (by minute) of a partition: all of its first, then those that changed."""
        fold = self.folds.setdefault(partition, Fold(generation, position))
        fold.generation = generation
        fold.position = fold.saved = position
        for minute, bucket in stored.items():
            if minute < self.oldest:
                continue
            if minute in fold.buckets:
                self._sales.subtract(fold.buckets[minute])
            fold.buckets[minute] = bucket
            self._sales.add(bucket)

    def forget(self, partition: Partition) -> None:
        """Drop what is known of a partition."""
        fold = self.folds.pop(partition, None)
        if fold is not None:
            for bucket in fold.buckets.values():
                self._sales.subtract(bucket)

    def summary(self, now: datetime, currency: str) -> Summary:
        """Return what the windows show at `now`."""
        self.advance(now)
        second = second_of(now)
        newest = second // SECONDS
        last_minutes = range(newest - MINUTES + 1, newest + 1)
        shown = [(minute, fold.buckets.get(minute)) for fold in self.folds.values() for minute in last_minutes]
        buckets = [(minute, bucket) for minute, bucket in shown if bucket is not None]
        revenue = [0] * MINUTES
        placed = [0] * (2 * SECONDS)
        for minute, bucket in buckets:
            revenue[minute - last_minutes[0]] += bucket.revenue
            if minute >= newest - 1:
                start = (minute - newest + 1) * SECONDS
                for index, count in enumerate(bucket.placed, start):
                    placed[index] += count
        this_second = SECONDS + second % SECONDS
        views = sum(bucket.views for _, bucket in buckets)
        confirmed = sum(bucket.confirmed for _, bucket in buckets)
        return Summary(
            time=now,
            currency=currency,
            orders_per_second=placed[this_second - SECONDS : this_second],
            revenue_per_minute=revenue,
            refunded=sum(bucket.refunded for _, bucket in buckets),
            top_products=self._sales.top(),
            conversion=Conversion(views, confirmed, confirmed / views if views else None),
        )
