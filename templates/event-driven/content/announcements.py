"""Announcements of the content service: what becomes public is an event in the outbox."""

from chassis.db.connections import Connection

from ..content.domain import ArticleEvent
from .tables import outbox


async def announce(transaction: Connection, event: ArticleEvent) -> None:
    """Add the event to the outbox; events of one article keep their order."""
    await outbox.append(transaction, type(event).__name__, str(event.article_id), event)
