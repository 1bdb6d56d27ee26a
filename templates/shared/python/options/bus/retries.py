"""Retry path of a failed event: `<topic>.<group>.retry-1` and so on, finally `<topic>.<group>.dlq`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ...clock import now
from .port import Message, Record, Topic

ORIGIN_TOPIC = "origin-topic"
ORIGIN_OFFSET = "origin-offset"
DUE = "due"
FAILURES = "failures"
ERROR = "error"
# Longer texts would exceed the header limits of some brokers.
MAX_ERROR_LENGTH = 500
MAX_REFERENCE_LENGTH = 100
# Far longer than any event is retried.
RETENTION_HOURS = 14 * 24


@dataclass(frozen=True, slots=True)
class Delivery:
    """A record on its way to a handler.

    `stage` is 0 in the topic where it was published, and n in the n-th retry topic. `topic` and `position`
    are where it was published; `failures` counts the stages in which it failed.
    """

    record: Record
    stage: int
    topic: str
    position: int
    due: datetime
    failures: int = 0


class RetryPath:
    """Retry topics of a group for some topics, and the delay in each."""

    def __init__(self, group: str, topics: Sequence[str], delays: Sequence[float]) -> None:
        """`delays` in seconds, one per retry topic."""
        self._group = group
        self._delays = delays
        self._stages = {topic: (topic, 0) for topic in topics}
        for topic in topics:
            for stage in range(1, len(delays) + 1):
                self._stages[self.retry_topic(topic, stage)] = (topic, stage)

    @property
    def subscribed(self) -> list[str]:
        """The topics that the group consumes, including retry topics."""
        return list(self._stages)

    def topics(self, partitions: int) -> list[Topic]:
        """Return the group's retry and dead-letter topics; dead letters are never deleted."""
        return [
            Topic(self.retry_topic(topic, stage), partitions, RETENTION_HOURS)
            if stage
            else Topic(self.dead_letter_topic(topic), 1)
            for topic, stage in self._stages.values()
        ]

    def retry_topic(self, topic: str, stage: int) -> str:
        """Return the name of a retry topic; stages count from 1."""
        return f"{topic}.{self._group}.retry-{stage}"

    def dead_letter_topic(self, topic: str) -> str:
        """Return the name of the dead-letter topic."""
        return f"{topic}.{self._group}.dlq"

    def due(self, record: Record) -> datetime | None:
        """Return when a record in a retry topic may be handled; None for other records."""
        _, stage = self._stages[record.partition.topic]
        return self.delivery(record).due if stage else None

    def delivery(self, record: Record) -> Delivery:
        """Return the delivery that a consumed record represents."""
        topic, stage = self._stages[record.partition.topic]
        original = Delivery(record, stage, topic, record.offset, record.time)
        if stage == 0:
            return original
        headers = record.headers
        # Later records wait behind this one, so it never waits for longer than the topic's delay.
        latest = record.time + timedelta(seconds=self._delays[stage - 1])
        try:
            return replace(
                original,
                position=int(headers[ORIGIN_OFFSET]),
                due=min(datetime.fromisoformat(headers[DUE]).astimezone(UTC), latest),
                failures=int(headers[FAILURES]),
            )
        except (KeyError, ValueError, OverflowError):
            # Another program wrote it. Handle it as an event; if it is not one, it is dead-lettered.
            return original

    def is_last(self, delivery: Delivery) -> bool:
        """Return whether the delivery has no further retry topic."""
        return delivery.stage == len(self._delays)

    def retry(self, delivery: Delivery, error: Exception) -> Message:
        """Return the message that retries a failed delivery in the next retry topic."""
        failed = replace(delivery, failures=delivery.failures + 1)
        return self._retry(failed, {ERROR: _error_text(error)})

    def retry_behind(self, delivery: Delivery) -> Message:
        """Return the message that parks the delivery behind an earlier one of its key."""
        return self._retry(delivery, {})

    def dead_letter(self, delivery: Delivery, error: Exception) -> Message:
        """Return the delivery, which failed for the last time, as a dead letter."""
        failed = replace(delivery, failures=delivery.failures + 1)
        headers = _headers(failed) | {ERROR: _error_text(error)}
        return _copy(failed, self.dead_letter_topic(failed.topic), headers)

    def reference(self, delivery: Delivery, error: Exception) -> Message:
        """Return a dead letter that only says where the event was published, for one that is too large."""
        failed = replace(delivery, failures=delivery.failures + 1)
        key = delivery.record.key[:MAX_REFERENCE_LENGTH]
        headers = _origin(failed) | {ERROR: _error_text(error)}
        return Message(self.dead_letter_topic(delivery.topic), key, b"", headers)

    def _retry(self, delivery: Delivery, more: dict[str, str]) -> Message:
        stage = min(delivery.stage + 1, len(self._delays))
        due = now() + timedelta(seconds=self._delays[stage - 1])
        headers = _headers(delivery) | {DUE: due.isoformat()} | more
        return _copy(delivery, self.retry_topic(delivery.topic, stage), headers)


def _headers(delivery: Delivery) -> dict[str, str]:
    return {**delivery.record.headers, **_origin(delivery)}


def _origin(delivery: Delivery) -> dict[str, str]:
    return {
        ORIGIN_TOPIC: delivery.topic,
        ORIGIN_OFFSET: str(delivery.position),
        FAILURES: str(delivery.failures),
    }


def _copy(delivery: Delivery, topic: str, headers: dict[str, str]) -> Message:
    return Message(topic, delivery.record.key, delivery.record.value, headers)


def _error_text(error: Exception) -> str:
    # A list of dead letters has one line for each.
    return " ".join(f"{type(error).__name__}: {error}".split())[:MAX_ERROR_LENGTH]
