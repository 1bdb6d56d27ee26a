"""Partition counts: a fold over the events of one partition."""

import msgspec

from .bucket import Bucket, second_of
from .domain import SECONDS, VIEWS
from .events import decode_order_event, decode_order_record, decode_view
from .ports import Record
from .sales import Sales

DecodeError = msgspec.MsgspecError


class PartitionCounts:
    """Buckets by minute of Unix time, counted from the events before the offset `position`.

    `saved` is the stored position, in the generation `generation`; `changed` holds the minutes whose buckets
    have changed since.
    """

    def __init__(self, generation: int, position: int) -> None:
        self.generation = generation
        self.position = self.saved = position
        self.buckets: dict[int, Bucket] = {}
        self.changed: set[int] = set()

    def count(self, record: Record, oldest: int, sales: Sales) -> None:
        """Count the record, unless it is before the position or its minute is before `oldest`.

        Raise `DecodeError` if it is not an event.
        """
        offset = record.offset
        if offset < self.position:
            return
        # Advance first: a record that cannot be decoded must not be read again.
        self.position = offset + 1
        if record.partition[0] == VIEWS:
            minute = second_of(decode_view(record.value).time) // SECONDS
            if minute >= oldest:
                self._bucket(minute).views += 1
        else:
            self._count_order(record.value, oldest, sales)

    def _count_order(self, value: bytes, oldest: int, sales: Sales) -> None:
        event = decode_order_event(value)
        minute, second = divmod(second_of(event.time), SECONDS)
        if minute < oldest:
            return
        match event.type:
            case "OrderPlaced":
                bucket = self._bucket(minute)
                if bucket.first_time(event.id):
                    bucket.placed[second] += 1
            case "OrderConfirmed":
                order = decode_order_record(event.data).order
                bucket = self._bucket(minute)
                if bucket.first_time(event.id):
                    bucket.confirmed += 1
                    bucket.revenue += order.total.amount
                    for line in order.items:
                        revenue = line.quantity * line.unit_price.amount
                        bucket.sell(line.sku, line.quantity, revenue)
                        sales.count(line.sku, line.quantity, revenue)
            case "OrderCancelled":
                order = decode_order_record(event.data).order
                bucket = self._bucket(minute)
                if bucket.first_time(event.id):
                    bucket.refunded += order.total.amount

    def _bucket(self, minute: int) -> Bucket:
        self.changed.add(minute)
        bucket = self.buckets.get(minute)
        if bucket is None:
            bucket = self.buckets[minute] = Bucket()
        return bucket
