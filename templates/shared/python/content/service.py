"""Article service: authors and editors write articles, in versions that never change."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database
from chassis.http.paging import Page, decode_cursor, page_of
from chassis.http.problems import Problem
from chassis.ids import new_id

from . import repository
from .domain import Article, ArticleState, Content, Draft, Member, Role, Version
from .tables import article, article_version

LAST_ID = UUID(int=(1 << 128) - 1)
_LAST_NUMBER = (1 << 31) - 1
_NEWEST = sa.and_(article_version.c.article_id == article.c.id, article_version.c.number == article.c.version)
_LIST = (
    sa.select(article, article_version.c.slug, article_version.c.title)
    .join(article_version, _NEWEST)
    .where(article.c.id < sa.bindparam("before_id"))
    .order_by(article.c.id.desc())
    .limit(sa.bindparam("limit"))
)
_VERSIONS = (
    sa.select(
        article_version.c.number,
        article_version.c.saved_by,
        article_version.c.saved_at,
        article_version.c.title,
    )
    .where(
        article_version.c.article_id == sa.bindparam("article"),
        article_version.c.number < sa.bindparam("before_number"),
    )
    .order_by(article_version.c.number.desc())
    .limit(sa.bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article in a list, with the slug and the title of its newest version."""

    article: Article
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version in a list."""

    number: int
    saved_by: UUID
    saved_at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class Difference:
    """The lines of a unified diff from one version to another."""

    lines: list[str]


class Articles:
    """All articles as their staff sees them: authors their own, editors all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, member: Member, state: ArticleState | None, cursor: str | None, limit: int
    ) -> Page[ListedArticle]:
        """Return a page of the articles that the member may see, the newest first."""
        statement = _LIST if state is None else _LIST.where(article.c.state == state)
        if member.role is Role.AUTHOR:
            statement = statement.where(article.c.author_id == member.user_id)
        before = LAST_ID if cursor is None else id_in(cursor)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement, {"before_id": before, "limit": limit + 1})
        found = [ListedArticle(repository.article_of(row), row.slug, row.title) for row in rows]
        return page_of(found, limit, lambda each: str(each.article.id))

    async def read(self, member: Member, article_id: UUID) -> Draft:
        """Return an article with its newest content; raise `NotFound`."""
        async with self._database.reading() as connection:
            found = await repository.find(connection, member, article_id)
            return await repository.draft(connection, found)

    @retry_conflicts
    async def create(self, member: Member, content: Content) -> Draft:
        """Create an article, as a draft; raise the problem `slug-taken`."""
        new = Article(new_id(), member.user_id, ArticleState.DRAFT, revision=1, version=1)
        try:
            async with self._database.transaction() as transaction:
                await repository.add(transaction, new)
                await repository.add_version(transaction, new, content, member.user_id)
        except IntegrityError as error:
            raise repository.slug_taken(content.slug) from error
        return Draft(new, content, None)

    async def save(
        self, member: Member, article_id: UUID, content: Content, revisions: Collection[int] | None
    ) -> Draft:
        """Save another version, which has to be reviewed again; what is public stays public.

        Raises the problem `slug-taken`, or `version-mismatch` unless the article is at one of `revisions`.
        """
        return await self._save(member, article_id, content, revisions)

    async def restore(
        self, member: Member, article_id: UUID, number: int, revisions: Collection[int] | None
    ) -> Draft:
        """Save another version with the content of an older one; raise like `save`."""
        return await self._save(member, article_id, number, revisions)

    @retry_conflicts
    async def _save(
        self, member: Member, article_id: UUID, source: Content | int, revisions: Collection[int] | None
    ) -> Draft:
        slug = ""
        try:
            async with self._database.transaction() as transaction:
                found = await repository.lock(transaction, member, article_id, revisions)
                content = source
                if isinstance(content, int):
                    content = (await repository.version(transaction, found, content)).content
                slug = content.slug
                changed = found.saved()
                await repository.change(transaction, changed)
                await repository.add_version(transaction, changed, content, member.user_id)
                return await repository.draft(transaction, changed)
        except IntegrityError as error:
            raise repository.slug_taken(slug) from error

    @retry_conflicts
    async def submit(self, member: Member, article_id: UUID, revisions: Collection[int] | None) -> Draft:
        """Ask for a review of the newest version; raise `Conflict` unless it is a draft."""
        async with self._database.transaction() as transaction:
            changed = (await repository.lock(transaction, member, article_id, revisions)).submitted()
            await repository.change(transaction, changed)
            return await repository.draft(transaction, changed)

    async def versions(
        self, member: Member, article_id: UUID, cursor: str | None, limit: int
    ) -> Page[ListedVersion]:
        """Return a page of an article's versions, the newest first; raise `NotFound`."""
        before = _LAST_NUMBER if cursor is None else _number_in(cursor)
        async with self._database.reading() as connection:
            found = await repository.find(connection, member, article_id)
            values = {"article": found.id, "before_number": before, "limit": limit + 1}
            rows = await connection.execute(_VERSIONS, values)
        return page_of([ListedVersion(*row) for row in rows], limit, lambda each: str(each.number))

    async def version(self, member: Member, article_id: UUID, number: int) -> Version:
        """Return a version of an article; raise `NotFound`."""
        async with self._database.reading() as connection:
            found = await repository.find(connection, member, article_id)
            return await repository.version(connection, found, number)

    async def diff(self, member: Member, article_id: UUID, old: int, new: int) -> Difference:
        """Return the difference between two versions of an article; raise `NotFound`."""
        before = await self.version(member, article_id, old)
        after = await self.version(member, article_id, new)
        # In a thread, because long texts take long.
        return await asyncio.to_thread(_difference, before, after)


def id_in(cursor: str) -> UUID:
    """Return the id in the cursor of a page; raise the problem `bad-cursor`."""
    try:
        return UUID(decode_cursor(cursor))
    except ValueError as error:
        raise _bad_cursor() from error


def _number_in(cursor: str) -> int:
    number = decode_cursor(cursor)
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise _bad_cursor()
    return int(number)


def _bad_cursor() -> Problem:
    return Problem(400, "bad-cursor", "Invalid cursor. Use the next_cursor of another page.")


def _difference(old: Version, new: Version) -> Difference:
    names = (f"version {old.number}", f"version {new.number}")
    return Difference(list(unified_diff(_lines(old.content), _lines(new.content), *names, lineterm="")))


def _lines(content: Content) -> Sequence[str]:
    return [
        f"slug: {content.slug}",
        f"title: {content.title}",
        f"summary: {content.summary}",
        f"category: {content.category}",
        *(f"media: {each.url} {each.alt}" for each in content.media),
        "",
        *content.body.split("\n"),
    ]
