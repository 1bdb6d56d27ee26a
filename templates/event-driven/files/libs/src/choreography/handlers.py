"""Idempotent event handlers: the inbox and the effects of an event share one transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from chassis.db.conflicts import retry_conflicts
from chassis.db.connections import Connection
from chassis.db.database import Database
from chassis.messaging.events import Event
from chassis.messaging.inbox import Inbox
from chassis.telemetry.traces import delivering

EventHandler = Callable[[Connection, Event], Awaitable[None]]


class EventHandlers(Protocol):
    """The event handlers of a service, by event type."""

    @property
    def handlers(self) -> Mapping[str, EventHandler]: ...

    async def lock(self, transaction: Connection, events: Sequence[Event]) -> None:
        """Lock all rows that the handlers of `events` may change, in the same order in every transaction.

        Partitions and replicas handle events concurrently. If each locked rows in the order of its events,
        they would deadlock.
        """


class IdempotentHandler:
    """Dispatches events by type to handlers; events of other types are ignored.

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
        handlers = self._service.handlers
        relevant = {event.id: event for event in events if event.type in handlers}
        if not relevant:
            return
        async with self._database.transaction() as transaction:
            await self._service.lock(transaction, list(relevant.values()))
            new = await self._inbox.add(transaction, relevant)
            for event in relevant.values():
                if event.id in new:
                    with delivering(event):
                        await handlers[event.type](transaction, event)
