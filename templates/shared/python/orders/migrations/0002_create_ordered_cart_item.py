"""Create the ordered_cart_item table."""

import sqlalchemy as sa
from alembic import op

revision = "orders_0002"
down_revision = "orders_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ordered_cart_item",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("revision", sa.Uuid, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "sku", "revision", name=op.f("pk_ordered_cart_item")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("ordered_cart_item")
