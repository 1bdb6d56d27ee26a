"""Idempotent event handlers: the inbox and the effects of an event share one transaction."""

from collections.abc import Collection, Sequence
from contextvars import Context, copy_context
from typing import NamedTuple, Protocol

from chassis.db.conflicts import retry_conflicts
from chassis.db.connections import Connection
from chassis.db.database import Database
from chassis.messaging.events import Event
from chassis.messaging.inbox import Inbox
from chassis.telemetry.traces import delivering


class Delivery(NamedTuple):
    """An event, and the context in which it is handled: what it causes belongs to its trace."""

    event: Event
    context: Context


class EventHandlers(Protocol):
    """The event handlers of a service."""

    @property
    def types(self) -> Collection[str]:
        """The types of the events that the service handles."""
        ...

    async def lock(self, transaction: Connection, events: Sequence[Event]) -> None:
        """Lock all rows that the handlers of `events` may change, in the same order in every transaction.

        Partitions and replicas handle events concurrently. If each locked rows in the order of its events,
        they would deadlock.
        """

    async def handle(self, transaction: Connection, deliveries: Sequence[Delivery]) -> None:
        """Handle events, so that they share statements; those of one topic and key are in their order."""


class IdempotentHandler:
    """Dispatches events to the handlers of a service; events of other types are ignored.

    All events of one call are handled in one transaction, together with their inbox entries and the events
    that they cause. Each event thus takes effect once, however often it is delivered.
    """

    def __init__(self, database: Database, inbox: Inbox, service: EventHandlers) -> None:
        self._database = database
        self._inbox = inbox
        self._service = service

    @retry_conflicts
    async def __call__(self, events: Sequence[Event]) -> None:
        """Handle the events, all or none."""
        relevant = {event.id: event for event in events if event.type in self._service.types}
        if not relevant:
            return
        async with self._database.transaction() as transaction:
            await self._service.lock(transaction, list(relevant.values()))
            new = await self._inbox.add(transaction, relevant)
            if new:
                deliveries = [_delivery(event) for event in relevant.values() if event.id in new]
                await self._service.handle(transaction, deliveries)


def _delivery(event: Event) -> Delivery:
    with delivering(event):
        return Delivery(event, copy_context())
