"""Kafka consumer: a group member on a dedicated thread."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from ..port import BusUnavailable, Listener, Offsets, Partition, Record
from .thread import DaemonThread

log = logging.getLogger(__name__)
_partition = cache(Partition)
T = TypeVar("T")

ANSWER_SECONDS = 2.0
# Longer than a running batch may take.
CLOSE_SECONDS = 15.0


class ConsumerThread:
    """A consumer of the client library, used by one thread only.

    The library's asyncio consumer waits until a batch is full or the timeout expires (confluent-kafka 2.16),
    which would delay a single record. This one returns the first record as soon as it arrives, with whatever
    else has arrived by then.
    """

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = DaemonThread("kafka-consumer")
        self._consumer = Consumer(dict(configuration), logger=log)

    async def call(self, do: Callable[[Consumer], T]) -> T:
        """Run `do` with the consumer, in its thread; raise `BusUnavailable`."""
        try:
            return await self._loop.run_in_executor(self._thread, do, self._consumer)
        except KafkaException as error:
            raise BusUnavailable(error.args[0].str()) from error

    def ask(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the event loop on behalf of a callback in the consumer's thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def poll(self, limit: int, seconds: float) -> list[Record]:
        """Return up to `limit` records as soon as there are any."""
        return await self.call(lambda consumer: _poll(consumer, limit, seconds))

    async def close(self) -> None:
        """Close the consumer; raise `BusUnavailable` if it cannot leave its group in time."""
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.call(lambda consumer: consumer.close())
        except TimeoutError as error:
            raise BusUnavailable("The consumer could not leave its group.") from error
        finally:
            self._thread.shutdown()


class KafkaConsumer:
    """Member of a consumer group."""

    def __init__(self, configuration: Mapping[str, Any], listener: Listener) -> None:
        self._thread = ConsumerThread(configuration)
        self._listener = listener
        self._leaving = False

    async def subscribe(self, topics: Sequence[str]) -> None:
        """Join the group for the topics."""
        await self._thread.call(
            lambda consumer: consumer.subscribe(
                list(topics), on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost
            )
        )

    async def poll(self, limit: int, seconds: float) -> list[Record]:
        """Return up to `limit` records as soon as there are any."""
        return await self._thread.poll(limit, seconds)

    async def commit(self, offsets: Offsets) -> None:
        """Store the offsets; return when the broker has them."""
        await self._thread.call(lambda consumer: _commit(consumer, offsets))

    async def pause(self, partitions: Collection[Partition]) -> None:
        """Return no records of these partitions until they are resumed."""
        await self._thread.call(lambda consumer: consumer.pause(_to_library(partitions)))

    async def resume(self, partitions: Collection[Partition]) -> None:
        """Return records of these partitions again."""
        await self._thread.call(lambda consumer: consumer.resume(_to_library(partitions)))

    async def close(self) -> None:
        """Commit and leave the group."""
        # Commit first: a client that is closing does not report whether the broker is reachable.
        self._leaving = True
        try:
            held = _from_library(await self._thread.call(lambda consumer: consumer.assignment()))
            await self.commit(await self._listener.revoked(held))
        except BusUnavailable as error:
            log.warning("Offsets were not committed: %s", error)
        finally:
            await self._thread.close()

    def _assigned(self, _: Consumer, partitions: list[TopicPartition]) -> None:
        self._thread.ask(self._listener.assigned(_from_library(partitions)))

    def _revoked(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        if self._leaving:
            return
        offsets = self._thread.ask(self._listener.revoked(_from_library(partitions)))
        try:
            _commit(consumer, offsets)
        except KafkaException as error:
            # The next owner of the partitions gets these records again; its inbox ignores them.
            log.warning("Offsets were not committed: %s", error)

    def _lost(self, _: Consumer, partitions: list[TopicPartition]) -> None:
        self._thread.ask(self._listener.lost(_from_library(partitions)))


def _poll(consumer: Consumer, limit: int, seconds: float) -> list[Record]:
    first = consumer.poll(seconds)
    if first is None:
        return []
    messages = [first, *(consumer.consume(limit - 1, 0) if limit > 1 else ())]
    return [_record(message) for message in messages if _is_record(message)]


def _is_record(message: Message) -> bool:
    error = message.error()
    if error is None:
        return True
    if error.fatal():
        raise KafkaException(error)
    log.warning("Kafka: %s", error.str())
    return False


def _record(message: Message) -> Record:
    topic, partition, offset = message.topic(), message.partition(), message.offset()
    assert topic is not None
    assert partition is not None
    assert offset is not None
    return Record(
        _partition(topic, partition),
        offset,
        (message.key() or b"").decode(errors="replace"),
        message.value() or b"",
        _headers(message.headers()),
        datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC),
    )


def _headers(pairs: Any) -> dict[str, str]:
    return {name: _text(value) for name, value in pairs or ()}


def _text(value: str | bytes | None) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value or ""


def _commit(consumer: Consumer, offsets: Offsets) -> None:
    if not offsets:
        return
    ends = [TopicPartition(*partition, offset) for partition, offset in offsets.items()]
    # A commit blocks without limit while the broker is unreachable, so check with a timeout first.
    consumer.committed(ends[:1], timeout=ANSWER_SECONDS)
    consumer.commit(offsets=ends, asynchronous=False)


def _to_library(partitions: Iterable[Partition]) -> list[TopicPartition]:
    return [TopicPartition(*partition) for partition in partitions]


def _from_library(partitions: Iterable[TopicPartition]) -> list[Partition]:
    return [Partition(each.topic, each.partition) for each in partitions]
