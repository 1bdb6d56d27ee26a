"""Create the tables of articles."""

import sqlalchemy as sa
from alembic import op

revision = "content_0001"
down_revision = None
branch_labels = ("content",)
depends_on = None

_TABLES = (
    "staff_member",
    "publication",
    "article_word",
    "public_article",
    "article_slug",
    "article_version",
    "article",
)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "article",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("author_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("publish_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
    )
    op.create_index(op.f("ix_article_author_id_id"), "article", ["author_id", "id"])
    op.create_index(op.f("ix_article_state_id"), "article", ["state", "id"])
    op.create_index(op.f("ix_article_publish_at"), "article", ["publish_at"])
    op.create_table(
        "article_version",
        sa.Column("article_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("saved_by", sa.Uuid, nullable=False),
        sa.Column("saved_at", sa.DateTime, nullable=False),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("summary", sa.String(1000), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("media", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_article_version")),
        _of_article("article_version"),
    )
    op.create_table(
        "article_slug",
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("article_id", sa.Uuid, nullable=False),
        sa.Column("was_public", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_article_slug")),
        _of_article("article_slug"),
    )
    op.create_index(op.f("ix_article_slug_article_id"), "article_slug", ["article_id"])
    op.create_table(
        "public_article",
        sa.Column("article_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("published_at", sa.DateTime, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_public_article")),
        sa.UniqueConstraint("position", name=op.f("uq_public_article_position")),
        _of_article("public_article"),
    )
    op.create_index(op.f("ix_public_article_category_position"), "public_article", ["category", "position"])
    op.create_index(op.f("ix_public_article_updated_at"), "public_article", ["updated_at"])
    op.create_table(
        "article_word",
        sa.Column("word", sa.String(40), nullable=False),
        sa.Column("article_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("word", "article_id", name=op.f("pk_article_word")),
        _of_article("article_word"),
    )
    op.create_index(op.f("ix_article_word_article_id"), "article_word", ["article_id"])
    op.create_table(
        "publication",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("article_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("published_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        _of_article("publication"),
    )
    op.create_index(op.f("ix_publication_article_id_version"), "publication", ["article_id", "version"])
    op.create_table(
        "staff_member",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_staff_member")),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in _TABLES:
        op.drop_table(table)


def _of_article(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f(f"fk_{table}_article_id"))
