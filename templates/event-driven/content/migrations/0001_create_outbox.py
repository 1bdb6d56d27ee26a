"""Create the table of the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "content_service_0001"
down_revision = None
branch_labels = ("content_service",)
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "outbox",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("traceparent", sa.String(55)),
        sa.Column("data", sa.LargeBinary(65_535), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("dead_at", sa.DateTime),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_outbox")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
    )
    op.create_index(op.f("ix_outbox_key_position"), "outbox", ["key", "position"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("outbox")
