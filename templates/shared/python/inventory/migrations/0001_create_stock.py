"""Create the stock and reservation tables."""

import sqlalchemy as sa
from alembic import op

revision = "inventory_0001"
down_revision = None
branch_labels = ("inventory",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "stock",
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("on_hand", sa.BigInteger, nullable=False),
        sa.Column("reserved", sa.BigInteger, nullable=False),
        sa.Column("supplied", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_stock")),
        sa.CheckConstraint("reserved >= 0 AND reserved <= on_hand", name=op.f("ck_stock_reserved")),
    )
    op.create_table(
        "reservation",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_reservation")),
    )
    op.create_table(
        "reservation_line",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "sku", name=op.f("pk_reservation_line")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["reservation.order_id"], name=op.f("fk_reservation_line_order_id")
        ),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("reservation_line")
    op.drop_table("reservation")
    op.drop_table("stock")
