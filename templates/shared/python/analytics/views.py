"""Takes what visitors look at, for others to count."""

import msgspec

from ..chassis.clock import now
from ..chassis.events import Event
from ..chassis.ids import new_id
from ..chassis.telemetry.traces import traceparent
from .domain import VIEWS, View
from .ports import Publisher


class ViewRecorder:
    """Publishes one event for each view of a product; nothing is known of who looked."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def record(self, sku: str) -> None:
        """Publish a view as of now."""
        event_id = new_id()
        event = Event(
            id=event_id,
            type="ProductViewed",
            version=1,
            time=now(),
            # Views need no order, and a key per product would heap those of a popular one on one partition.
            key=str(event_id),
            traceparent=traceparent(),
            data=msgspec.Raw(msgspec.json.encode(View(sku))),
        )
        await self._publisher.publish(VIEWS, event)
