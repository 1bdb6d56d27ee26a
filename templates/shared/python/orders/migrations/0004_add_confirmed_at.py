"""Add confirmed_at and an index by state to orders, and an index by which old cart items are deleted."""

import sqlalchemy as sa
from alembic import op

revision = "orders_0004"
down_revision = "orders_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the indexes."""
    with op.batch_alter_table("order") as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime))
        batch_op.create_index(op.f("ix_order_state_id"), ["state", "id"])
    op.create_index(op.f("ix_ordered_cart_item_order_id"), "ordered_cart_item", ["order_id"])


def downgrade() -> None:
    """Drop the column and the indexes."""
    op.drop_index(op.f("ix_ordered_cart_item_order_id"), "ordered_cart_item")
    with op.batch_alter_table("order") as batch_op:
        batch_op.drop_index(op.f("ix_order_state_id"))
        batch_op.drop_column("confirmed_at")
