"""Ports of content: what it needs from the rest of the program."""

from typing import Protocol

from chassis.db.connections import Connection

from .domain import ArticleEvent


class Announce(Protocol):
    """Tells other contexts what became public."""

    async def __call__(self, transaction: Connection, event: ArticleEvent, /) -> None:
        """Announce the event if the transaction commits; an error undoes the change."""
        ...
