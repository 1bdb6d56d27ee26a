"""Cart tables."""

import sqlalchemy as sa

from ..chassis.database import schema_of

metadata = schema_of("cart")

cart_item = sa.Table(
    "cart_item",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("sku", sa.String(64), primary_key=True),
    sa.Column("quantity", sa.Integer, nullable=False),
)
