"""Publishing to Kafka."""

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
# What is wrong with the message itself.
_PERMANENT_ERRORS = {KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_MSG, KafkaError.INVALID_RECORD}


class KafkaProducer:
    """Publishes, and knows of each message when the broker has it.

    The library's own asyncio producer takes no headers (confluent-kafka 2.16). So we give messages to the
    plain one, which never blocks, and a thread waits for the broker's answers.
    """

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        self._configuration = dict(configuration)
        self._producer: Producer | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="kafka-producer", daemon=True)
        self._started = threading.Event()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when all in-sync replicas have the messages; raise `BusUnavailable` or `MessagesRefused`.

        No messages only set the client on its way: it asks the broker for an id, which can take seconds.
        """
        producer = self._open()
        if not messages:
            return
        answers = _DeliveryReports(len(messages))
        for at, message in enumerate(messages):
            await self._produce(producer, message, partial(answers.add, at))
        try:
            await answers.complete
        finally:
            if any(error.fatal() for error in answers.errors.values()):
                # Such a producer never publishes again; the next one starts afresh.
                self._producer = None
        _raise_for(answers.errors)

    async def close(self) -> None:
        """Wait until everything is stored, for some seconds."""
        if self._producer is not None:
            await asyncio.to_thread(self._producer.flush, FLUSH_SECONDS)
        self._closed.set()
        self._started.set()

    async def _produce(self, producer: Producer, message: Message, answer: Any) -> None:
        while True:
            try:
                producer.produce(
                    message.topic,
                    message.value,
                    message.key,
                    headers=list(message.headers.items()),
                    on_delivery=answer,
                )
                return
            except BufferError:
                # The client's queue is full: the broker is slower than we are.
                await asyncio.sleep(FULL_SECONDS)
            except KafkaException as error:
                answer(error.args[0], None)
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
    """What the broker said to each message of a batch; answers come from another thread."""

    def __init__(self, number: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._missing = set(range(number))
        self.complete = self._loop.create_future()
        self.errors: dict[int, KafkaError] = {}

    def add(self, at: int, error: KafkaError | None, _: object) -> None:
        """Note the answer to the message at that place."""
        if error is not None:
            self.errors[at] = error
        self._missing.discard(at)
        if not self._missing:
            self._loop.call_soon_threadsafe(self._done)

    def _done(self) -> None:
        if not self.complete.done():
            self.complete.set_result(None)


def _raise_for(errors: Mapping[int, KafkaError]) -> None:
    passing = [error for error in errors.values() if error.code() not in _PERMANENT_ERRORS]
    if passing:
        raise BusUnavailable(passing[0].str())
    if errors:
        raise MessagesRefused({at: error.str() for at, error in errors.items()})
