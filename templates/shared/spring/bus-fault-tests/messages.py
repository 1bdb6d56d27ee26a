"""Messages on Kafka, read and published without a consumer group."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition

# The settings of the services.
_BUS = Path(__file__).parents[1] / "chassis/src/main/resources/bus.yaml"
_SETTINGS: dict[str, Any] = yaml.safe_load(_BUS.read_text())["shop"]["bus"]
ORDERS: str = _SETTINGS["topics"]["orders"]
INVENTORY: str = _SETTINGS["topics"]["inventory"]
PAYMENTS: str = _SETTINGS["topics"]["payments"]
TOPICS = (ORDERS, INVENTORY, PAYMENTS)
# By consumer group.
SUBSCRIPTIONS: dict[str, list[str]] = {
    group: topics.split(",") for group, topics in _SETTINGS["groups"].items()
}
ANSWER_SECONDS = 10.0


class Partition(NamedTuple):
    """One partition of a topic."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message to publish."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A stored message."""

    partition: Partition
    offset: int
    key: str
    value: bytes
    headers: Mapping[str, str]


class Messages:
    """Access to the broker at `url`."""

    def __init__(self, url: str) -> None:
        self._connection = {"bootstrap.servers": url.removeprefix("kafka://")}

    def read(self, topics: Sequence[str] = TOPICS) -> list[Record]:
        """Return all records of the topics, in order per partition."""
        found = []
        with self._consumer("reader") as consumer:
            limits = _limits(consumer, topics)
            unread = {partition: end for partition, (first, end) in limits.items() if first < end}
            consumer.assign([TopicPartition(*partition, OFFSET_BEGINNING) for partition in unread])
            while unread:
                message = consumer.poll(ANSWER_SECONDS)
                assert message is not None, "The broker sent no records, although there are some."
                record = _record(message)
                found.append(record)
                if record.offset + 1 == unread.get(record.partition):
                    del unread[record.partition]
        return found

    def publish(self, messages: Sequence[Message]) -> None:
        """Publish the messages in this order."""
        # Java's clients choose the partition of a key in the same way.
        producer = Producer({**self._connection, "partitioner": "murmur2_random", "enable.idempotence": True})
        for each in messages:
            producer.produce(
                each.topic, each.value, each.key, headers=list(each.headers.items()), on_delivery=_check
            )
        assert producer.flush(ANSWER_SECONDS) == 0, "The broker did not store all messages."

    def lag(self, group: str) -> dict[Partition, int]:
        """Return how many records of each partition the group has not committed."""
        with self._consumer(group) as consumer:
            limits = _limits(consumer, SUBSCRIPTIONS[group])
            committed = consumer.committed([TopicPartition(*each) for each in limits], ANSWER_SECONDS)
        offsets = {Partition(each.topic, each.partition): each.offset for each in committed}
        return {each: end - max(offsets[each], first) for each, (first, end) in limits.items()}

    @contextmanager
    def _consumer(self, group: str) -> Iterator[Consumer]:
        """Yield a client that never joins the group."""
        consumer = Consumer({**self._connection, "group.id": group, "enable.auto.commit": False})
        try:
            yield consumer
        finally:
            consumer.close()


def copy(record: Record) -> Message:
    """Return a message with the same content as the record."""
    return Message(record.partition.topic, record.key, record.value, record.headers)


def _limits(consumer: Consumer, topics: Sequence[str]) -> dict[Partition, tuple[int, int]]:
    """Return the first offset of each partition, and the one that its next record gets."""
    known = consumer.list_topics(timeout=ANSWER_SECONDS).topics
    partitions = [Partition(topic, number) for topic in topics for number in known[topic].partitions]
    return {
        each: consumer.get_watermark_offsets(TopicPartition(*each), ANSWER_SECONDS) for each in partitions
    }


def _check(error: Any, _message: object) -> None:
    if error is not None:
        raise KafkaException(error)


def _record(message: Any) -> Record:
    _check(message.error(), message)
    partition = Partition(message.topic(), message.partition())
    headers = {name: value.decode() for name, value in message.headers() or ()}
    key, value = message.key() or b"", message.value() or b""
    return Record(partition, message.offset(), key.decode(), value, headers)
