"""Cart tables."""

import sqlalchemy as sa

from chassis.db.database import schema_of

metadata = schema_of("cart")

cart_item = sa.Table(
    "cart_item",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("sku", sa.String(64), primary_key=True),
    sa.Column("quantity", sa.Integer, nullable=False),
    # New with every change, so that an order names exactly what it bought. The default is for items that were
    # stored before the column existed, and for replicas that do not know it yet during an update.
    sa.Column("revision", sa.Uuid, nullable=False, server_default="0" * 32),
)
