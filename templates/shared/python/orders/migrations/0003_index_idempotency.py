"""Add an index to the idempotency table, by which old rows are deleted."""

from alembic import op

revision = "orders_0003"
down_revision = "orders_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(op.f("ix_idempotency_order_id"), "idempotency", ["order_id"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index(op.f("ix_idempotency_order_id"), "idempotency")
