"""Published articles as readers get them: through the cache, and without any drafts."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import sqlalchemy as sa

from chassis.cache import Cache
from chassis.db.connections import Row
from chassis.db.database import Database
from chassis.http.paging import Page, page_of
from chassis.http.problems import NotFound
from chassis.project import NAME

from . import feeds
from .domain import FeedEntry, PublishedArticle, Teaser
from .markdown import to_html
from .repository import content_of
from .search import with_all
from .service import LAST_ID, id_in
from .tables import article_slug, article_version, public_article
from .words import words

# One group: an article is published so rarely that everything may be loaded again.
GROUP = "articles"
FEED_ENTRIES = 20
# A sitemap stays below 1 MiB, which is the most that a cache stores.
SITEMAP_URLS = 4000
_TEASER = (
    article_version.c.slug,
    article_version.c.title,
    article_version.c.summary,
    public_article.c.category,
    public_article.c.published_at,
    public_article.c.updated_at,
)
_PUBLIC_VERSION = sa.and_(
    article_version.c.article_id == public_article.c.article_id,
    article_version.c.number == public_article.c.version,
)
_BY_SLUG = (
    sa.select(article_version, public_article.c.published_at, public_article.c.updated_at)
    .join_from(article_slug, public_article, public_article.c.article_id == article_slug.c.article_id)
    .join(article_version, _PUBLIC_VERSION)
    .where(article_slug.c.slug == sa.bindparam("slug"), article_slug.c.was_public)
)
_PAGE = (
    sa.select(public_article.c.position, *_TEASER)
    .join(article_version, _PUBLIC_VERSION)
    .where(public_article.c.position < sa.bindparam("before_position"))
    .order_by(public_article.c.position.desc())
    .limit(sa.bindparam("limit"))
)
_FEED = (
    sa.select(public_article.c.article_id, *_TEASER)
    .join(article_version, _PUBLIC_VERSION)
    .order_by(public_article.c.updated_at.desc(), public_article.c.position.desc())
    .limit(FEED_ENTRIES)
)
_SITEMAP = (
    sa.select(article_version.c.slug, public_article.c.updated_at)
    .join_from(public_article, article_version, _PUBLIC_VERSION)
    .order_by(public_article.c.position.desc())
    .limit(SITEMAP_URLS)
)


class Library:
    """The published articles. `url` is their address for readers."""

    def __init__(self, database: Database, cache: Cache, url: str) -> None:
        self._database = database
        self._cache = cache
        self._url = url.rstrip("/")

    async def article(self, slug: str) -> bytes:
        """Return the article that has the slug, or had it earlier, as JSON; raise `NotFound`."""

        async def load() -> bytes | None:
            async with self._database.reading() as connection:
                row = (await connection.execute(_BY_SLUG, {"slug": slug})).one_or_none()
            # In a thread, because long texts take long.
            return None if row is None else await asyncio.to_thread(_rendered, row)

        body = await self._cache.fetch(GROUP, f"article {slug}", load)
        if body is None:
            raise NotFound(f"There is no article {slug}.")
        return body

    async def page(self, q: str | None, category: str | None, cursor: str | None, limit: int) -> bytes:
        """Return a page of articles as JSON, the newest first: those in `category` with all words of `q`."""
        before = LAST_ID if cursor is None else id_in(cursor)
        found = words(q or "")
        statement = _PAGE
        if found:
            statement = statement.where(public_article.c.article_id.in_(with_all(found)))
        if category is not None:
            statement = statement.where(public_article.c.category == category)

        async def load() -> bytes:
            async with self._database.reading() as connection:
                values = {"before_position": before, "limit": limit + 1}
                rows = (await connection.execute(statement, values)).all()
            page = page_of(rows, limit, lambda row: str(row.position))
            return msgspec.json.encode(Page([Teaser(*row[1:]) for row in page.items], page.next_cursor))

        # Searches rarely repeat; caching them would evict entries that are read again.
        if found:
            return await load()
        key = msgspec.json.encode(("page", category, before, limit)).decode()
        return await self._cached(key, load)

    async def feed(self) -> bytes:
        """Return the Atom feed."""

        async def load() -> bytes:
            async with self._database.reading() as connection:
                rows = await connection.execute(_FEED)
            return feeds.atom(NAME, self._url, [FeedEntry(*row) for row in rows])

        return await self._cached("feed", load)

    async def sitemap(self) -> bytes:
        """Return the sitemap of the newest articles."""

        async def load() -> bytes:
            async with self._database.reading() as connection:
                rows = await connection.execute(_SITEMAP)
            return feeds.sitemap(self._url, [(row.slug, row.updated_at) for row in rows])

        return await self._cached("sitemap", load)

    async def _cached(self, key: str, load: Callable[[], Awaitable[bytes]]) -> bytes:
        return await self._cache.fetch(GROUP, key, load) or await load()


def _rendered(row: Row) -> bytes:
    content = content_of(row)
    article = PublishedArticle(
        slug=content.slug,
        title=content.title,
        summary=content.summary,
        html=to_html(content.body),
        category=content.category,
        media=content.media,
        version=row.number,
        published_at=row.published_at,
        updated_at=row.updated_at,
    )
    return msgspec.json.encode(article)
