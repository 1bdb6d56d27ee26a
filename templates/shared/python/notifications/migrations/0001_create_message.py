"""Create messages and the inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")

revision = "notifications_0001"
down_revision = None
branch_labels = ("notifications",)
depends_on = None


def upgrade() -> None:
    """Create the schema and its tables."""
    create_schema("notifications")
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("about", sa.String(100), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        schema="notifications",
    )
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.String(64), nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("handled_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name=op.f("pk_inbox")),
        schema="notifications",
    )


def downgrade() -> None:
    """Drop the tables; the schema stays, as it may hold what others put there."""
    op.drop_table("inbox", schema="notifications")
    op.drop_table("message", schema="notifications")


def create_schema(name: str) -> None:
    """Create the schema where the database has such things; text is compared bytewise in it."""
    dialect = op.get_bind().dialect.name
    charset = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" if dialect in {"mysql", "mariadb"} else ""
    if dialect != "sqlite":
        op.execute(f"CREATE SCHEMA IF NOT EXISTS {name}{charset}")
