"""What one partition told: a fold over its events."""

import msgspec

from .bucket import Bucket, second_of
from .domain import SECONDS, VIEWS
from .events import decode_order_event, decode_order_record, decode_view
from .ports import Record
from .sales import Sales

DecodeError = msgspec.MsgspecError


class PartitionCounts:
    """Buckets by the minute of Unix time, of the events below the offset `position`.

    `saved` is the position that is stored, in the generation `generation`; `changed` has the minutes whose
    buckets have been changed since.
    """

    def __init__(self, generation: int, position: int) -> None:
        self.generation = generation
        self.position = self.saved = position
        self.buckets: dict[int, Bucket] = {}
        self.changed: set[int] = set()

    def count(self, record: Record, oldest: int, sales: Sales) -> None:
        """Count the record, unless it lies below the position or its minute before `oldest`.

        Raise `DecodeError` for what is no event.
        """
        offset = record.offset
        if offset < self.position:
            return
        # Before anything can fail: what cannot be read now cannot be read later, and must not be met again.
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
