"""Publisher of page views."""

from chassis.http.calls.errors import Unavailable
from chassis.messaging.bus.envelope import message_of
from chassis.messaging.bus.port import Bus, BusUnavailable
from chassis.messaging.events import Event


class BusPublisher:
    """Publishes single events to the bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def publish(self, topic: str, event: Event) -> None:
        """Return when the event is stored durably; raise `Unavailable` if the bus does not respond."""
        try:
            await self._bus.producer.publish([message_of(event, topic)])
        except BusUnavailable as error:
            raise Unavailable("The bus") from error
