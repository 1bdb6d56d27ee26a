"""Create the products."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0001"
down_revision = None
branch_labels = ("catalog",)
depends_on = None


def upgrade() -> None:
    """Create the schema and the table."""
    create_schema("catalog")
    op.create_table(
        "product",
        sa.Column(
            "sku",
            sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("folded_name", sa.String(600), nullable=False),
        sa.Column("description", sa.String(4000), nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_product")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_product_price")),
        schema="catalog",
    )
    op.create_index(op.f("ix_product_category_sku"), "product", ["category", "sku"], schema="catalog")


def downgrade() -> None:
    """Drop the table; the schema stays, as it may hold what others put there."""
    op.drop_table("product", schema="catalog")


def create_schema(name: str) -> None:
    """Create the schema where the database has such things; text is compared bytewise in it."""
    dialect = op.get_bind().dialect.name
    charset = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" if dialect in {"mysql", "mariadb"} else ""
    if dialect != "sqlite":
        op.execute(f"CREATE SCHEMA IF NOT EXISTS {name}{charset}")
