"""Create the analytics_currency table."""

import sqlalchemy as sa
from alembic import op

revision = "analytics_0002"
down_revision = "analytics_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; the first start stores the configured currency."""
    op.create_table(
        "analytics_currency",
        sa.Column("id", sa.SmallInteger, nullable=False, autoincrement=False),
        sa.Column("code", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analytics_currency")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("analytics_currency")
