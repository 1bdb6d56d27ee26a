"""Create the table of blocked keys."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_service_0001"
down_revision = None
branch_labels = ("notifications_service",)
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "held",
        sa.Column("consumer", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("consumer", "topic", "key", "position", name=op.f("pk_held")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("held")
