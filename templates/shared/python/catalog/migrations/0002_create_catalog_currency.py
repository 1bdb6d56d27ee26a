"""Create the catalog_currency table."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0002"
down_revision = "catalog_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; the first start stores the configured currency."""
    op.create_table(
        "catalog_currency",
        sa.Column("id", sa.SmallInteger, nullable=False, autoincrement=False),
        sa.Column("code", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_currency")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("catalog_currency")
