"""Idempotent event handlers: the inbox and the effects of an event share one transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from ..chassis.conflicts import retry_conflicts
from ..chassis.connections import Connection
from ..chassis.database import Database
from ..chassis.events import Event
from ..chassis.inbox import Inbox
from ..chassis.telemetry.traces import delivering

EventHandler = Callable[[Connection, Event], Awaitable[None]]


class IdempotentHandler:
    """Dispatches events by type to `handlers`; events of other types are ignored.

    All events of one call are handled in one transaction, together with their inbox entries and the events
    that they cause. Each event thus takes effect once, however often it is delivered.
    """

    def __init__(self, database: Database, inbox: Inbox, handlers: Mapping[str, EventHandler]) -> None:
        self._database = database
        self._inbox = inbox
        self._handlers = handlers

    @retry_conflicts
    async def __call__(self, events: Sequence[Event]) -> None:
        """Handle the events, all or none."""
        relevant = [event for event in events if event.type in self._handlers]
        if not relevant:
            return
        async with self._database.transaction() as transaction:
            for event in relevant:
                if await self._inbox.first_time(transaction, event.id):
                    with delivering(event):
                        await self._handlers[event.type](transaction, event)
