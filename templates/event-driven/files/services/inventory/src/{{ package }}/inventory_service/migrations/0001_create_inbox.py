"""Create the inbox, the keys that wait, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "inventory_service_0001"
down_revision = None
branch_labels = ("inventory_service",)
depends_on = None
SCHEMA = "inventory_service"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.String(64), nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("handled_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name=op.f("pk_inbox")),
        schema=SCHEMA,
    )
    op.create_table(
        "held",
        sa.Column("consumer", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("consumer", "topic", "key", "position", name=op.f("pk_held")),
        schema=SCHEMA,
    )
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
        schema=SCHEMA,
    )
    op.create_index(op.f("ix_outbox_key_position"), "outbox", ["key", "position"], schema=SCHEMA)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("outbox", schema=SCHEMA)
    op.drop_table("held", schema=SCHEMA)
    op.drop_table("inbox", schema=SCHEMA)
