"""Handling events once, in the transaction of what follows from them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from ..chassis.conflicts import retry_conflicts
from ..chassis.connections import Connection
from ..chassis.database import Database
from ..chassis.events import Event
from ..chassis.inbox import Inbox
from ..chassis.telemetry.traces import delivering

EventHandler = Callable[[Connection, Event], Awaitable[None]]


class IdempotentHandler:
    """What a service does about each type of event, `handlers`; others do not concern it.

    All events of one call are handled in one transaction, together with the note in the inbox that they are,
    and with the events that they cause. So each takes effect once, however often it comes.
    """

    def __init__(self, database: Database, inbox: Inbox, handlers: Mapping[str, EventHandler]) -> None:
        self._database = database
        self._inbox = inbox
        self._handlers = handlers

    @retry_conflicts
    async def __call__(self, events: Sequence[Event]) -> None:
        """Handle the events, all or none."""
        concerned = [event for event in events if event.type in self._handlers]
        if not concerned:
            return
        async with self._database.transaction() as transaction:
            for event in concerned:
                if await self._inbox.first_time(transaction, event.id):
                    with delivering(event):
                        await self._handlers[event.type](transaction, event)
