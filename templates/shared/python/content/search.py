"""Full-text search in the public articles, by an index of their words.

An article is found if it has all words of the query. This is the same on every database; those that rank by
relevance or know the forms of words do so each in their own way.
"""

from uuid import UUID

import sqlalchemy as sa

from chassis.db.connections import Connection

from .domain import Content
from .tables import article_word
from .words import words

_ADD = sa.insert(article_word)
_REMOVE = sa.delete(article_word).where(article_word.c.article_id == sa.bindparam("of_article"))


async def index_words(transaction: Connection, article_id: UUID, content: Content | None) -> None:
    """Replace the words by which an article is found; None for an article that is no longer public."""
    await transaction.execute(_REMOVE, {"of_article": article_id})
    found = words(content.title, content.summary, content.body) if content is not None else []
    # Sorted, so that concurrent publications do not deadlock.
    if rows := [{"word": word, "article_id": article_id} for word in sorted(found)]:
        await transaction.execute(_ADD, rows)


def with_all(found: list[str]) -> sa.Select[tuple[UUID]]:
    """Return the statement for the ids of the articles that have all these words."""
    return (
        sa.select(article_word.c.article_id)
        .where(article_word.c.word.in_(found))
        .group_by(article_word.c.article_id)
        .having(sa.func.count() == len(found))
    )
