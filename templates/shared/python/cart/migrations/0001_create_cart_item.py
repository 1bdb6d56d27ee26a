"""Create the cart_item table."""

import sqlalchemy as sa
from alembic import op

revision = "cart_0001"
down_revision = None
branch_labels = ("cart",)
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "cart_item",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "sku", name=op.f("pk_cart_item")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("cart_item")
