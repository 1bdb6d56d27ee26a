"""Create the product table."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0001"
down_revision = None
branch_labels = ("catalog",)
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "product",
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("folded_name", sa.String(600), nullable=False),
        sa.Column("description", sa.String(4000), nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_product")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_product_price")),
    )
    op.create_index(op.f("ix_product_category_sku"), "product", ["category", "sku"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("product")
