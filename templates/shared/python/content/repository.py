"""Article repository: articles, their versions and their slugs."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.clock import now
from chassis.db.connections import Connection, Row
from chassis.http.problems import Conflict, NotFound, Problem

from .domain import Article, ArticleState, Content, Draft, Media, Member, Role, Version
from .tables import article, article_slug, article_version, public_article

_ONE = sa.select(article).where(article.c.id == sa.bindparam("article"))
_LOCK = _ONE.with_for_update()
_ADD = sa.insert(article)
_CHANGE = (
    sa.update(article)
    .where(article.c.id == sa.bindparam("article"))
    .values(
        state=sa.bindparam("new_state"),
        revision=sa.bindparam("new_revision"),
        version=sa.bindparam("new_version"),
        publish_at=sa.bindparam("new_publish_at"),
    )
)
_ADD_VERSION = sa.insert(article_version)
_VERSION = sa.select(article_version).where(
    article_version.c.article_id == sa.bindparam("article"),
    article_version.c.number == sa.bindparam("version"),
)
_PUBLIC = sa.select(public_article.c.version).where(public_article.c.article_id == sa.bindparam("article"))
_SLUG = sa.select(article_slug.c.article_id).where(article_slug.c.slug == sa.bindparam("slug"))
_ADD_SLUG = sa.insert(article_slug)
_DROP_SLUGS = sa.delete(article_slug).where(
    article_slug.c.article_id == sa.bindparam("article"),
    article_slug.c.was_public.is_(False),
    article_slug.c.slug != sa.bindparam("kept_slug"),
)


async def find(connection: Connection, member: Member, article_id: UUID) -> Article:
    """Return an article that the member may see; raise `NotFound`."""
    return _visible(await connection.execute(_ONE, {"article": article_id}), member)


async def lock(
    transaction: Connection, member: Member, article_id: UUID, revisions: Collection[int] | None = None
) -> Article:
    """Return an article that the member may see, for a change in this transaction; raise `NotFound`.

    If `revisions` is given, the current one must be among them; otherwise raise `version-mismatch`.
    """
    found = _visible(await transaction.execute(_LOCK, {"article": article_id}), member)
    if revisions is not None and found.revision not in revisions:
        detail = f"The article has changed; it is now at revision {found.revision}."
        raise Problem(412, "version-mismatch", detail)
    return found


async def add(transaction: Connection, new: Article) -> None:
    """Store a new article."""
    await transaction.execute(_ADD, asdict(new))


async def change(transaction: Connection, changed: Article) -> None:
    """Store a changed article, which this transaction has locked."""
    values = {
        "article": changed.id,
        "new_state": changed.state,
        "new_revision": changed.revision,
        "new_version": changed.version,
        "new_publish_at": changed.publish_at,
    }
    await transaction.execute(_CHANGE, values)


async def add_version(transaction: Connection, of: Article, content: Content, saved_by: UUID) -> None:
    """Store the newest version of an article and claim its slug; raise the problem `slug-taken`.

    Raises SQLAlchemy's `IntegrityError` if another transaction claims the slug at the same time.
    """
    owner = await transaction.scalar(_SLUG, {"slug": content.slug})
    if owner not in (None, of.id):
        raise slug_taken(content.slug)
    if owner is None:
        slug = {"slug": content.slug, "article_id": of.id, "was_public": False}
        await transaction.execute(_ADD_SLUG, slug)
    await transaction.execute(_DROP_SLUGS, {"article": of.id, "kept_slug": content.slug})
    row = {"article_id": of.id, "number": of.version, "saved_by": saved_by, "saved_at": now()}
    await transaction.execute(_ADD_VERSION, {**row, **asdict(content)})


async def version(connection: Connection, of: Article, number: int) -> Version:
    """Return a version of an article; raise `NotFound`."""
    rows = await connection.execute(_VERSION, {"article": of.id, "version": number})
    if (row := rows.one_or_none()) is None:
        raise NotFound(f"The article has no version {number}.")
    return Version(row.number, row.saved_by, row.saved_at, content_of(row))


async def draft(connection: Connection, of: Article) -> Draft:
    """Return an article with its newest content."""
    newest = await version(connection, of, of.version)
    return Draft(of, newest.content, await connection.scalar(_PUBLIC, {"article": of.id}))


def article_of(row: Row) -> Article:
    """Return the article in a row of its table."""
    state = ArticleState(row.state)
    return Article(row.id, row.author_id, state, row.revision, row.version, row.publish_at)


def content_of(row: Row) -> Content:
    """Return the content in a row of the versions."""
    media = [Media(**each) for each in row.media]
    return Content(row.slug, row.title, row.summary, row.body, row.category, media)


def slug_taken(slug: str) -> Conflict:
    """Return the problem that another article has the slug."""
    return Conflict("slug-taken", f"Another article has the slug {slug}.")


def _visible(rows: Any, member: Member) -> Article:
    row = rows.one_or_none()
    # Authors must not learn which articles of others exist.
    if row is None or (member.role is Role.AUTHOR and row.author_id != member.user_id):
        raise NotFound("There is no such article.")
    return article_of(row)
