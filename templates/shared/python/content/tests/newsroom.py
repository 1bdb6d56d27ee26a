"""A newsroom for tests: the services of content on a test's database, and a few people."""

from dataclasses import replace
from uuid import UUID

import msgspec

from chassis.cache import Cache
from chassis.cache.store import NoStore
from chassis.db.database import Database
from chassis.http.paging import Page

from ..domain import Content, Draft, Member, PublishedArticle, Role, Teaser
from ..ports import Announce
from ..publication import Publications
from ..reading import Library
from ..service import Articles

URL = "https://shop.example/articles"
ANN = Member(UUID(int=1), Role.AUTHOR)
BEN = Member(UUID(int=2), Role.AUTHOR)
EDITOR = Member(UUID(int=3), Role.EDITOR)
CONTENT = Content("chairs", "Chairs", "About chairs.", "A *chair* has legs.", "furniture", [])


def content(slug: str, **changes: str) -> Content:
    """Return the content of an article with this slug."""
    return replace(CONTENT, slug=slug, **changes)  # type: ignore[arg-type]


class Newsroom:
    """One process that serves content."""

    def __init__(self, database: Database, announce: Announce | None = None) -> None:
        cache = Cache(NoStore())
        self.articles = Articles(database)
        self.publications = Publications(database, cache, announce)
        self.library = Library(database, cache, URL)

    async def in_review(self, new: Content = CONTENT, author: Member = ANN) -> Draft:
        """Return a new article, in review."""
        draft = await self.articles.create(author, new)
        return await self.articles.submit(author, draft.article.id, None)

    async def published(self, new: Content = CONTENT) -> Draft:
        """Return a new article, published."""
        draft = await self.in_review(new)
        return await self.publications.publish(EDITOR, draft.article.id, None, None)

    async def publish_again(self, article_id: UUID, new: Content) -> Draft:
        """Save, submit and publish another version of an article."""
        await self.articles.save(ANN, article_id, new, None)
        await self.articles.submit(ANN, article_id, None)
        return await self.publications.publish(EDITOR, article_id, None, None)

    async def read(self, slug: str) -> PublishedArticle:
        """Return an article as readers get it."""
        return msgspec.json.decode(await self.library.article(slug), type=PublishedArticle)

    async def listed(self, q: str | None = None, category: str | None = None) -> list[str]:
        """Return the slugs of the articles that readers find, the newest first."""
        page = msgspec.json.decode(await self.library.page(q, category, None, 100), type=Page[Teaser])
        return [each.slug for each in page.items]
