"""How a context's events get out of its outbox: a relay that publishes them."""

from collections.abc import Sequence

from ..database import Database
from ..events import Event
from ..outbox import Outbox
from ..relay import DeliveryUnavailable, Relay
from .envelope import message_of
from .port import BusUnavailable, MessagesRefused, Producer


class PublishingRelay(Relay):
    """Publishes the events of one outbox to one topic, many at once, in order per key.

    While the bus is away they wait; one that the bus refuses for good ends as a dead letter of the outbox.
    """

    batch = 500
    # Whoever placed an order waits for several events, one after the other.
    gather_seconds = 0.002

    def __init__(self, database: Database, outbox: Outbox, producer: Producer, topic: str) -> None:
        super().__init__(database, outbox, {})
        self._producer = producer
        self._topic = topic

    async def run(self) -> None:
        """Publish until cancelled. The first who orders does not wait for the bus to be found."""
        await self._producer.publish([])
        await super().run()

    async def deliver(self, events: Sequence[Event]) -> Sequence[Exception | None]:
        """Publish the events."""
        refused: dict[int, Exception] = {}
        try:
            await self._producer.publish([message_of(event, self._topic) for event in events])
        except BusUnavailable as error:
            raise DeliveryUnavailable(str(error)) from error
        except MessagesRefused as error:
            refused = dict.fromkeys(error.reasons, error)
        return [refused.get(at) for at in range(len(events))]
