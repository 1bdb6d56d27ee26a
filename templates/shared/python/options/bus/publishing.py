"""Publishing relay: moves events from an outbox to the bus."""

from collections.abc import Sequence

from ...db.database import Database
from ..events import Event
from ..outbox import Outbox
from ..relay import DeliveryUnavailable, Relay
from .envelope import message_of
from .port import BusUnavailable, MessagesRefused, Producer
from .tracing import publishing


class PublishingRelay(Relay):
    """Publishes the events of one outbox to one topic, in batches, in order per key.

    Events wait in the outbox while the bus is unavailable. One that the bus rejects for good becomes a dead
    letter of the outbox.
    """

    batch = 500
    # Short, because placing an order takes several events in succession.
    gather_seconds = 0.002
    # Under load, a batch costs the relay, the bus and the consumers much less than its events one by one.
    pause_seconds = 0.02

    def __init__(self, database: Database, outbox: Outbox, producer: Producer, topic: str) -> None:
        super().__init__(database, outbox, [])
        self._producer = producer
        self._topic = topic

    async def run(self) -> None:
        """Publish until cancelled; connect to the bus first, so that the first event does not wait for it."""
        await self._producer.publish([])
        await super().run()

    async def deliver(self, events: Sequence[Event]) -> Sequence[Exception | None]:
        """Publish the events; return an error, or None, for each."""
        refused: dict[int, Exception] = {}
        try:
            with publishing(events, self._topic) as traced:
                await self._producer.publish([message_of(event, self._topic) for event in traced])
        except BusUnavailable as error:
            raise DeliveryUnavailable(str(error)) from error
        except MessagesRefused as error:
            refused = dict.fromkeys(error.reasons, error)
        return [refused.get(at) for at in range(len(events))]
