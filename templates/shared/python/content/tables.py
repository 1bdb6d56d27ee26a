"""Content tables."""

import sqlalchemy as sa

from chassis.db.columns import UtcDateTime
from chassis.db.database import schema_of

metadata = schema_of("content")

article = sa.Table(
    "article",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("author_id", sa.Uuid, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("publish_at", UtcDateTime),
    sa.Index(None, "author_id", "id"),
    sa.Index(None, "state", "id"),
    sa.Index(None, "publish_at"),
)

# Rows are only added. The content of a version never changes.
article_version = sa.Table(
    "article_version",
    metadata,
    sa.Column("article_id", sa.Uuid, sa.ForeignKey(article.c.id), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("saved_by", sa.Uuid, nullable=False),
    sa.Column("saved_at", UtcDateTime, nullable=False),
    sa.Column("slug", sa.String(100), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("summary", sa.String(1000), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("category", sa.String(100), nullable=False),
    sa.Column("media", sa.JSON, nullable=False),
)

# The primary key decides which of several articles gets a slug. Slugs that were public stay with their
# article, and lead to it.
article_slug = sa.Table(
    "article_slug",
    metadata,
    sa.Column("slug", sa.String(100), primary_key=True),
    sa.Column("article_id", sa.Uuid, sa.ForeignKey(article.c.id), nullable=False),
    sa.Column("was_public", sa.Boolean, nullable=False),
    sa.Index(None, "article_id"),
)

# What readers see: the published version of each article. Positions sort by the time of publication.
public_article = sa.Table(
    "public_article",
    metadata,
    sa.Column("article_id", sa.Uuid, sa.ForeignKey(article.c.id), primary_key=True),
    sa.Column("position", sa.Uuid, nullable=False, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("category", sa.String(100), nullable=False),
    sa.Column("published_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Index(None, "category", "position"),
    sa.Index(None, "updated_at"),
)

# The words of the public articles. The primary key finds the articles with one of them.
article_word = sa.Table(
    "article_word",
    metadata,
    sa.Column("word", sa.String(40), primary_key=True),
    sa.Column("article_id", sa.Uuid, sa.ForeignKey(article.c.id), primary_key=True),
    sa.Index(None, "article_id"),
)

# Every publication, with the hash of what was published, for the audit. Rows are only added.
publication = sa.Table(
    "publication",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("article_id", sa.Uuid, sa.ForeignKey(article.c.id), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("slug", sa.String(100), nullable=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("published_at", UtcDateTime, nullable=False),
    sa.Index(None, "article_id", "version"),
)

staff_member = sa.Table(
    "staff_member",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
)
