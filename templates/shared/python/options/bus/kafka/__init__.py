"""Event bus on Apache Kafka."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import stamina
from confluent_kafka import (
    OFFSET_BEGINNING,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]
from confluent_kafka.cimpl import NewTopic

from ..port import BusUnavailable, Listener, Partition, Record, Topic
from .consumer import ConsumerThread, KafkaConsumer
from .producer import KafkaProducer
from .settings import KafkaSettings

T = TypeVar("T")

ANSWER_SECONDS = 10.0
HOUR_MILLISECONDS = 3_600_000
FIRST = OffsetSpec.earliest()  # type: ignore[no-untyped-call]
END = OffsetSpec.latest()  # type: ignore[no-untyped-call]


class KafkaBus:
    """Connection to a Kafka cluster."""

    def __init__(self, servers: str, settings: KafkaSettings) -> None:
        """`servers` are bootstrap brokers: `host:port,host:port`."""
        self._settings = settings
        self._connection: dict[str, Any] = {"bootstrap.servers": servers, **settings.connection()}
        self.producer = KafkaProducer({**self._connection, **settings.producing()})
        self._administration: AdminClient | None = None

    async def consumer(self, group: str, topics: Sequence[str], listener: Listener) -> KafkaConsumer:
        """Join the group."""
        consumer = KafkaConsumer({**self._connection, **self._settings.consuming(group)}, listener)
        await consumer.subscribe(topics)
        return consumer

    async def reader(self, topics: Sequence[str]) -> "KafkaReader":
        """Return a reader of the topics, from their first records."""
        starts = dict.fromkeys(await self._partitions(topics), OFFSET_BEGINNING)
        # The client requires a group id, even though a reader never joins a group.
        configuration = {**self._connection, "group.id": "reader", "enable.auto.commit": False}
        reader = KafkaReader(self, ConsumerThread(configuration), starts)
        await reader.start()
        return reader

    async def create(self, topics: Iterable[Topic]) -> None:
        """Create missing topics, with the cluster's default replication factor."""
        new = [
            NewTopic(topic.name, topic.partitions, config=_retention(topic.retention_hours))
            for topic in topics
        ]
        if not new:
            return
        created = []
        for name, answer in self._admin.create_topics(new).items():
            try:
                await self._answer(answer)
                created.append(name)
            except BusUnavailable as error:
                if _code(error) != KafkaError.TOPIC_ALREADY_EXISTS:
                    raise
        await self._wait_for_leaders(created)

    @stamina.retry(on=BusUnavailable, attempts=None, timeout=ANSWER_SECONDS, wait_max=0.5)
    async def _wait_for_leaders(self, topics: Sequence[str]) -> None:
        await self.offsets(await self._partitions(topics), END)

    async def lag(self, group: str, topics: Sequence[str]) -> dict[Partition, int]:
        """Return how many records of each partition the group has not committed."""
        partitions = await self._partitions(topics)
        ends = await self.offsets(partitions, END)
        starts = await self.offsets(partitions, FIRST)
        asked = ConsumerGroupTopicPartitions(group, [TopicPartition(*each) for each in partitions])
        (answer,) = self._admin.list_consumer_group_offsets([asked]).values()
        committed = {
            Partition(each.topic, each.partition): each.offset
            for each in (await self._answer(answer)).topic_partitions or ()
        }
        return {
            each: ends[each] - max(committed.get(each, starts[each]), starts[each]) for each in partitions
        }

    async def offsets(self, partitions: Iterable[Partition], which: OffsetSpec) -> dict[Partition, int]:
        """Return the offset that `which` stands for, first or next, of each partition."""
        asked = {TopicPartition(*each): which for each in partitions}
        answers = self._admin.list_offsets(asked) if asked else {}
        return {
            Partition(each.topic, each.partition): (await self._answer(answer)).offset
            for each, answer in answers.items()
        }

    async def ping(self) -> None:
        """Raise unless a broker answers."""
        await self._answer(self._admin.describe_cluster())

    async def close(self) -> None:
        """Flush and close the producer."""
        await self.producer.close()

    async def _partitions(self, topics: Sequence[str]) -> list[Partition]:
        found = await asyncio.to_thread(self._metadata)
        return [
            Partition(topic, number)
            for topic in topics
            if topic in found
            for number in sorted(found[topic].partitions)
        ]

    def _metadata(self) -> Mapping[str, Any]:
        try:
            return self._admin.list_topics(timeout=ANSWER_SECONDS).topics
        except KafkaException as error:
            raise BusUnavailable(error.args[0].str()) from error

    async def _answer(self, answer: "Future[T]") -> T:
        try:
            return await _answered(answer)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                self._administration = None
            raise BusUnavailable(error.args[0].str()) from error
        except TimeoutError as error:
            # A client that knew a broker before its restart may keep stale leader epochs and never get an
            # answer (librdkafka 2.16), so replace it.
            self._administration = None
            raise BusUnavailable("The broker is not responding.") from error

    @property
    def _admin(self) -> AdminClient:
        if self._administration is None:
            self._administration = AdminClient(dict(self._connection))
        return self._administration


class KafkaReader:
    """Reads partitions from their first record."""

    def __init__(self, bus: KafkaBus, thread: ConsumerThread, starts: Mapping[Partition, int]) -> None:
        self._bus = bus
        self._thread = thread
        self._positions = dict(starts)

    async def start(self) -> None:
        """Assign the partitions to the client."""
        starts = [TopicPartition(*each, offset) for each, offset in self._positions.items()]
        await self._thread.call(lambda consumer: consumer.assign(starts))

    async def read(self, limit: int) -> list[Record]:
        """Return the next records; an empty list at the current end."""
        if not await self._left():
            return []
        records = await self._thread.poll(limit, ANSWER_SECONDS)
        if not records:
            raise BusUnavailable("The broker sent no records, although there are some.")
        for record in records:
            self._positions[record.partition] = record.offset + 1
        return records

    async def ends(self) -> dict[Partition, int]:
        """Return the offset that the next record of each partition gets."""
        return await self._bus.offsets(self._positions, END)

    async def close(self) -> None:
        """Close the client."""
        await self._thread.close()

    async def _left(self) -> bool:
        ends = await self.ends()
        starts = await self._bus.offsets(self._positions, FIRST)
        return any(max(self._positions[each], starts[each]) < ends[each] for each in ends)


def _retention(hours: int | None) -> dict[str, str]:
    return {"retention.ms": str(-1 if hours is None else hours * HOUR_MILLISECONDS)}


def _code(error: BusUnavailable) -> int | None:
    cause = error.__cause__
    return cause.args[0].code() if isinstance(cause, KafkaException) else None


async def _answered(answer: "Future[T]") -> T:
    async with asyncio.timeout(ANSWER_SECONDS):
        return await asyncio.wrap_future(answer)
