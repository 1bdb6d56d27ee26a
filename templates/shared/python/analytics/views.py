"""Product views: published as events, to be counted by any process."""

import msgspec

from chassis.clock import now
from chassis.ids import new_id
from chassis.messaging.events import Event
from chassis.telemetry.traces import traceparent

from .domain import VIEWS, View
from .ports import Publisher


class ViewRecorder:
    """Publishes an event for each product view, without any data about the visitor."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def record(self, sku: str) -> None:
        """Publish a view of the product at the current time."""
        event_id = new_id()
        event = Event(
            id=event_id,
            type="ProductViewed",
            version=1,
            time=now(),
            # Views need no order, and the SKU as key would overload the partition of a popular product.
            key=str(event_id),
            traceparent=traceparent(),
            data=msgspec.Raw(msgspec.json.encode(View(sku))),
        )
        await self._publisher.publish(VIEWS, event)
