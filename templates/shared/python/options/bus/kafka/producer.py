"""Kafka producer with delivery reports per message."""

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Producer

from ..port import BusUnavailable, Message, MessagesRefused

log = logging.getLogger(__name__)

FLUSH_SECONDS = 10
FULL_SECONDS = 0.01
# Errors of the message itself, which no retry can fix.
_PERMANENT_ERRORS = {KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_MSG, KafkaError.INVALID_RECORD}


class KafkaProducer:
    """Publishes messages, and awaits the broker's delivery report of each.

    The library's asyncio producer does not support headers (confluent-kafka 2.16). This one uses the plain
    producer, which never blocks, and a thread that polls for delivery reports.
    """

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        self._configuration = dict(configuration)
        self._producer: Producer | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="kafka-producer", daemon=True)
        self._started = threading.Event()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when all in-sync replicas have the messages; raise `BusUnavailable` or `MessagesRefused`.

        An empty list only starts the client, which requests a producer id; that can take seconds.
        """
        producer = self._open()
        if not messages:
            return
        reports = _DeliveryReports(len(messages))
        for at, message in enumerate(messages):
            await self._produce(producer, message, partial(reports.add, at))
        try:
            await reports.complete
        finally:
            if any(error.fatal() for error in reports.errors.values()):
                # A producer with a fatal error never publishes again; create another one.
                self._producer = None
        _raise_for(reports.errors)

    async def close(self) -> None:
        """Flush the producer, for `FLUSH_SECONDS` at most."""
        if self._producer is not None:
            await asyncio.to_thread(self._producer.flush, FLUSH_SECONDS)
        self._closed.set()
        self._started.set()

    async def _produce(self, producer: Producer, message: Message, report: Any) -> None:
        while True:
            try:
                producer.produce(
                    message.topic,
                    message.value,
                    message.key,
                    headers=list(message.headers.items()),
                    on_delivery=report,
                )
                return
            except BufferError:
                # The client's queue is full: the broker is slower than the callers.
                await asyncio.sleep(FULL_SECONDS)
            except KafkaException as error:
                report(error.args[0], None)
                return

    def _open(self) -> Producer:
        if self._producer is None:
            self._producer = Producer(self._configuration, logger=log)
        if not self._started.is_set():
            self._started.set()
            self._thread.start()
        return self._producer

    def _serve(self) -> None:
        while not self._closed.is_set():
            producer = self._producer
            if producer is None:
                self._closed.wait(FULL_SECONDS)
            else:
                producer.poll(0.1)


class _DeliveryReports:
    """Collects the delivery reports of a batch, which arrive on another thread."""

    def __init__(self, number: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._missing = set(range(number))
        self.complete = self._loop.create_future()
        self.errors: dict[int, KafkaError] = {}

    def add(self, at: int, error: KafkaError | None, _: object) -> None:
        """Store the report of the message at index `at`."""
        if error is not None:
            self.errors[at] = error
        self._missing.discard(at)
        if not self._missing:
            self._loop.call_soon_threadsafe(self._done)

    def _done(self) -> None:
        if not self.complete.done():
            self.complete.set_result(None)


def _raise_for(errors: Mapping[int, KafkaError]) -> None:
    transient = [error for error in errors.values() if error.code() not in _PERMANENT_ERRORS]
    if transient:
        raise BusUnavailable(transient[0].str())
    if errors:
        raise MessagesRefused({at: error.str() for at, error in errors.items()})
