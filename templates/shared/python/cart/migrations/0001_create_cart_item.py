"""Create the items of carts."""

import sqlalchemy as sa
from alembic import op

revision = "cart_0001"
down_revision = None
branch_labels = ("cart",)
depends_on = None


def upgrade() -> None:
    """Create the schema and its tables."""
    create_schema("cart")
    op.create_table(
        "cart_item",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "sku", name=op.f("pk_cart_item")),
        schema="cart",
    )


def downgrade() -> None:
    """Drop the tables; the schema stays, as it may hold what others put there."""
    op.drop_table("cart_item", schema="cart")


def create_schema(name: str) -> None:
    """Create the schema where the database has such things; text is compared bytewise in it."""
    dialect = op.get_bind().dialect.name
    charset = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" if dialect in {"mysql", "mariadb"} else ""
    if dialect != "sqlite":
        op.execute(f"CREATE SCHEMA IF NOT EXISTS {name}{charset}")
