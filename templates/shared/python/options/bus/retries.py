"""The way of an event that fails: `<topic>.<group>.retry-1` and so on, in the end `<topic>.<group>.dlq`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..clock import now
from .port import Message, Record, Topic

ORIGIN_TOPIC = "origin-topic"
ORIGIN_OFFSET = "origin-offset"
DUE = "due"
FAILURES = "failures"
ERROR = "error"
# More would not fit into every broker's limits, nor on a screen.
MAX_ERROR_LENGTH = 500
# Far longer than any event is retried.
RETENTION_HOURS = 14 * 24


@dataclass(frozen=True, slots=True)
class Delivery:
    """A record on its way to a handler.

    `stage` is 0 in the topic to which it was published and n in the n-th retry topic. `topic` and `position`
    say where it was published; `failures` counts the stages at which it failed.
    """

    record: Record
    stage: int
    topic: str
    position: int
    due: datetime
    failures: int = 0


class RetryPath:
    """The retry topics of one group for some topics, and how long a record waits in each."""

    def __init__(self, group: str, topics: Sequence[str], delays: Sequence[float]) -> None:
        """`delays` in seconds, one for each retry topic."""
        self._group = group
        self._delays = delays
        self._stages = {topic: (topic, 0) for topic in topics}
        for topic in topics:
            for stage in range(1, len(delays) + 1):
                self._stages[self.retry_topic(topic, stage)] = (topic, stage)

    @property
    def subscribed(self) -> list[str]:
        """What the group consumes: the topics, and their retry topics."""
        return list(self._stages)

    def topics(self, partitions: int) -> list[Topic]:
        """Return the topics that the group needs for itself; dead letters are never dropped."""
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
        """Return from when on a record may be handled; None if it need not wait."""
        _, stage = self._stages[record.partition.topic]
        return self.delivery(record).due if stage else None

    def delivery(self, record: Record) -> Delivery:
        """Return what is known of a record that was consumed."""
        topic, stage = self._stages[record.partition.topic]
        unknown = Delivery(record, stage, topic, record.offset, record.time)
        if stage == 0:
            return unknown
        headers = record.headers
        try:
            return replace(
                unknown,
                position=int(headers[ORIGIN_OFFSET]),
                due=datetime.fromisoformat(headers[DUE]),
                failures=int(headers[FAILURES]),
            )
        except (KeyError, ValueError):
            # Nothing of ours put it there; it is still an event, or a dead letter soon.
            return unknown

    def is_last(self, delivery: Delivery) -> bool:
        """Whether no retry topic is left for it."""
        return delivery.stage == len(self._delays)

    def retry(self, delivery: Delivery, error: Exception) -> Message:
        """Return the message that tries the delivery, which failed, in the next retry topic."""
        failed = replace(delivery, failures=delivery.failures + 1)
        return self._retry(failed, {ERROR: _error_text(error)})

    def retry_behind(self, delivery: Delivery) -> Message:
        """Return the message that puts the delivery behind an earlier one of its key that is retried."""
        return self._retry(delivery, {})

    def dead_letter(self, delivery: Delivery, error: Exception) -> Message:
        """Return the delivery, which failed for the last time, as a dead letter."""
        failed = replace(delivery, failures=delivery.failures + 1)
        headers = self._headers(failed) | {ERROR: _error_text(error)}
        return _copy(failed, self.dead_letter_topic(failed.topic), headers)

    def _retry(self, delivery: Delivery, more: dict[str, str]) -> Message:
        stage = min(delivery.stage + 1, len(self._delays))
        due = now() + timedelta(seconds=self._delays[stage - 1])
        headers = self._headers(delivery) | {DUE: due.isoformat()} | more
        return _copy(delivery, self.retry_topic(delivery.topic, stage), headers)

    @staticmethod
    def _headers(delivery: Delivery) -> dict[str, str]:
        return {
            **delivery.record.headers,
            ORIGIN_TOPIC: delivery.topic,
            ORIGIN_OFFSET: str(delivery.position),
            FAILURES: str(delivery.failures),
        }


def _copy(delivery: Delivery, topic: str, headers: dict[str, str]) -> Message:
    return Message(topic, delivery.record.key, delivery.record.value, headers)


def _error_text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:MAX_ERROR_LENGTH]
