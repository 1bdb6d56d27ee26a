"""Publishing: editors publish reviewed articles, at once or at a later time, and withdraw them.

A scheduled article is published by a loop in the processes that serve requests, so it needs no other process.
"""

import asyncio
import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from chassis.auth.security import Forbidden
from chassis.cache import Cache
from chassis.clock import now
from chassis.db.conflicts import retry_conflicts
from chassis.db.connections import Connection
from chassis.db.database import Database
from chassis.http.problems import Conflict
from chassis.ids import new_id

from . import repository, search
from .domain import Article, ArticleEvent, ArticlePublished, ArticleWithdrawn, Draft, Member, Role
from .ports import Announce
from .reading import GROUP
from .tables import article, article_slug, public_article, publication

log = logging.getLogger(__name__)
POLL_SECONDS = 1.0
BATCH = 100
_DUE = (
    sa.select(article.c.id)
    .where(article.c.publish_at <= sa.bindparam("time"))
    .order_by(article.c.publish_at, article.c.id)
    .limit(BATCH)
)
_REPLACE = (
    sa.update(public_article)
    .where(public_article.c.article_id == sa.bindparam("article"))
    .values(
        version=sa.bindparam("new_version"),
        category=sa.bindparam("new_category"),
        updated_at=sa.bindparam("new_updated_at"),
    )
)
_ADD = sa.insert(public_article)
_REMOVE = sa.delete(public_article).where(public_article.c.article_id == sa.bindparam("article"))
_SLUG_IS_PUBLIC = (
    sa.update(article_slug).where(article_slug.c.slug == sa.bindparam("public_slug")).values(was_public=True)
)
_RECORD = sa.insert(publication)
# The loop acts for no user.
_SCHEDULER = Member(UUID(int=0), Role.EDITOR)


class Publications:
    """Decides which version of an article is public, and announces each change of that in its transaction."""

    def __init__(self, database: Database, cache: Cache, announce: Announce | None = None) -> None:
        self._database = database
        self._cache = cache
        self._announce = announce

    async def publish(
        self, member: Member, article_id: UUID, at: datetime | None, revisions: Collection[int] | None
    ) -> Draft:
        """Publish the newest version, which must be in review or scheduled, or do so later, at `at`.

        Raises `Forbidden` unless the member is an editor, `Conflict` for an article in another state, and
        `version-mismatch` unless the article is at one of `revisions`.
        """
        _require_editor(member)
        if at is not None and at > now():
            return await self._schedule(member, article_id, at, revisions)
        changed = await self._publish(member, article_id, revisions)
        await self._cache.invalidate(GROUP)
        return changed

    @retry_conflicts
    async def _schedule(
        self, member: Member, article_id: UUID, at: datetime, revisions: Collection[int] | None
    ) -> Draft:
        async with self._database.transaction() as transaction:
            changed = (await repository.lock(transaction, member, article_id, revisions)).scheduled(at)
            await repository.change(transaction, changed)
            return await repository.draft(transaction, changed)

    @retry_conflicts
    async def _publish(self, member: Member, article_id: UUID, revisions: Collection[int] | None) -> Draft:
        async with self._database.transaction() as transaction:
            found = await repository.lock(transaction, member, article_id, revisions)
            return await self._make_public(transaction, found.published())

    @retry_conflicts
    async def send_back(self, member: Member, article_id: UUID, revisions: Collection[int] | None) -> Draft:
        """Make an article in review, or a scheduled one, a draft again; raise like `publish`."""
        _require_editor(member)
        async with self._database.transaction() as transaction:
            changed = (await repository.lock(transaction, member, article_id, revisions)).sent_back()
            await repository.change(transaction, changed)
            return await repository.draft(transaction, changed)

    async def withdraw(self, member: Member, article_id: UUID, revisions: Collection[int] | None) -> Draft:
        """Make an article disappear for readers; raise like `publish`, and `Conflict` unless it is public."""
        _require_editor(member)
        changed = await self._withdraw(member, article_id, revisions)
        await self._cache.invalidate(GROUP)
        return changed

    @retry_conflicts
    async def _withdraw(self, member: Member, article_id: UUID, revisions: Collection[int] | None) -> Draft:
        async with self._database.transaction() as transaction:
            changed = (await repository.lock(transaction, member, article_id, revisions)).withdrawn()
            if not (await transaction.execute(_REMOVE, {"article": article_id})).rowcount:
                raise Conflict("article-state", "The article is not public.")
            await search.index_words(transaction, article_id, None)
            await repository.change(transaction, changed)
            await self._tell(transaction, ArticleWithdrawn(article_id))
            return await repository.draft(transaction, changed)

    async def run(self) -> None:
        """Publish scheduled articles when their time has come, until cancelled."""
        while True:
            try:
                await self.publish_due()
            except Exception:
                log.exception("Looking for scheduled articles failed; trying again")
            await asyncio.sleep(POLL_SECONDS)

    async def publish_due(self) -> int:
        """Publish the scheduled articles whose time has come, and return how many there were."""
        async with self._database.reading() as connection:
            due = [row.id for row in await connection.execute(_DUE, {"time": now()})]
        for article_id in due:
            try:
                await self._publish_scheduled(article_id)
            except Exception:
                log.exception("Publishing the article %s failed; trying again", article_id)
        if due:
            await self._cache.invalidate(GROUP)
        return len(due)

    @retry_conflicts
    async def _publish_scheduled(self, article_id: UUID) -> None:
        async with self._database.transaction() as transaction:
            found = await repository.lock(transaction, _SCHEDULER, article_id)
            # Another process may have published it, or an editor has changed their mind.
            if found.publish_at is not None and found.publish_at <= now():
                await self._make_public(transaction, found.published())

    async def _make_public(self, transaction: Connection, published: Article) -> Draft:
        draft = await _replace_public(transaction, published)
        await self._tell(transaction, _published(draft))
        return draft

    async def _tell(self, transaction: Connection, event: ArticleEvent) -> None:
        if self._announce is not None:
            await self._announce(transaction, event)


async def _replace_public(transaction: Connection, published: Article) -> Draft:
    await repository.change(transaction, published)
    draft = await repository.draft(transaction, published)
    content, time = draft.content, now()
    values = {
        "article": published.id,
        "new_version": published.version,
        "new_category": content.category,
        "new_updated_at": time,
    }
    if not (await transaction.execute(_REPLACE, values)).rowcount:
        row = {
            "article_id": published.id,
            "position": new_id(),
            "version": published.version,
            "category": content.category,
            "published_at": time,
            "updated_at": time,
        }
        await transaction.execute(_ADD, row)
    await transaction.execute(_SLUG_IS_PUBLIC, {"public_slug": content.slug})
    await search.index_words(transaction, published.id, content)
    record = {
        "id": new_id(),
        "article_id": published.id,
        "version": published.version,
        "slug": content.slug,
        "digest": content.digest(),
        "published_at": time,
    }
    await transaction.execute(_RECORD, record)
    return await repository.draft(transaction, published)


def _published(draft: Draft) -> ArticlePublished:
    content = draft.content
    return ArticlePublished(
        article_id=draft.article.id,
        author_id=draft.article.author_id,
        version=draft.article.version,
        slug=content.slug,
        title=content.title,
        summary=content.summary,
        category=content.category,
    )


def _require_editor(member: Member) -> None:
    if member.role is not Role.EDITOR:
        raise Forbidden
