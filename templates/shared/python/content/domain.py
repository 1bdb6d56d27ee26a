"""Domain model of content."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import msgspec

from chassis.http.problems import Conflict


class Role(StrEnum):
    """What a member of the staff may do: authors write their own articles, editors change and publish all."""

    AUTHOR = "author"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the staff."""

    user_id: UUID
    role: Role


class ArticleState(StrEnum):
    """The state of an article's newest version."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    SCHEDULED = "SCHEDULED"
    PUBLISHED = "PUBLISHED"


# Whether an article in one of these states is published is up to an editor.
_REVIEWED = (ArticleState.IN_REVIEW, ArticleState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Media:
    """A reference to an image, a video or a sound, and the text that stands for it."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Content:
    """What an article says. `body` is Markdown; the slug is the article's name in addresses."""

    slug: str
    title: str
    summary: str
    body: str
    category: str
    media: list[Media]

    def digest(self) -> bytes:
        """Return a hash that shows whether the content has changed."""
        return sha256(msgspec.json.encode(self)).digest()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article, which never changes."""

    number: int
    saved_by: UUID
    saved_at: datetime
    content: Content


@dataclass(frozen=True, slots=True)
class Article:
    """An article. `revision` increases with every change, and `version` with every change of the content."""

    id: UUID
    author_id: UUID
    state: ArticleState
    revision: int
    version: int
    publish_at: datetime | None = None

    def saved(self) -> "Article":
        """Return the article with another version, which has to be reviewed again."""
        return replace(self._in(ArticleState.DRAFT), version=self.version + 1)

    def submitted(self) -> "Article":
        """Return the article in review; raise `Conflict` unless it is a draft."""
        self._require(ArticleState.DRAFT)
        return self._in(ArticleState.IN_REVIEW)

    def sent_back(self) -> "Article":
        """Return the article as a draft again; raise `Conflict` unless it is in review or scheduled."""
        self._require(*_REVIEWED)
        return self._in(ArticleState.DRAFT)

    def scheduled(self, publish_at: datetime) -> "Article":
        """Return the article to be published later; raise `Conflict` unless it is in review or scheduled."""
        self._require(*_REVIEWED)
        return replace(self._in(ArticleState.SCHEDULED), publish_at=publish_at)

    def published(self) -> "Article":
        """Return the article as published; raise `Conflict` unless it is in review or scheduled."""
        self._require(*_REVIEWED)
        return self._in(ArticleState.PUBLISHED)

    def withdrawn(self) -> "Article":
        """Return the article after no version of it is public any longer; a newer version keeps its state."""
        state = ArticleState.DRAFT if self.state is ArticleState.PUBLISHED else self.state
        return replace(self, state=state, revision=self.revision + 1)

    def _require(self, *states: ArticleState) -> None:
        if self.state not in states:
            raise Conflict("article-state", f"The article is in the state {self.state}.")

    def _in(self, state: ArticleState) -> "Article":
        return replace(self, state=state, revision=self.revision + 1, publish_at=None)


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its staff sees it: with its newest content, and the version that is public."""

    article: Article
    content: Content
    public_version: int | None


@dataclass(frozen=True, slots=True)
class Teaser:
    """A published article in a list."""

    slug: str
    title: str
    summary: str
    category: str
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A published article in the feed."""

    article_id: UUID
    slug: str
    title: str
    summary: str
    category: str
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedArticle:
    """A published article; `html` is safe to show as it is."""

    slug: str
    title: str
    summary: str
    html: str
    category: str
    media: list[Media]
    version: int
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ArticlePublished:
    """A version of an article became public; its body is read from the API."""

    article_id: UUID
    author_id: UUID
    version: int
    slug: str
    title: str
    summary: str
    category: str


@dataclass(frozen=True, slots=True)
class ArticleWithdrawn:
    """No version of an article is public any longer."""

    article_id: UUID


ArticleEvent = ArticlePublished | ArticleWithdrawn
"""A change of what readers see."""
