"""Add the revision of a cart item."""

import sqlalchemy as sa
from alembic import op

revision = "cart_0002"
down_revision = "cart_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Existing items share the default: user, SKU and revision identify an item."""
    column = sa.Column("revision", sa.Uuid, nullable=False, server_default="0" * 32)
    op.add_column("cart_item", column)


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("cart_item", "revision")
