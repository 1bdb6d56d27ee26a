"""Inventory tables."""

import sqlalchemy as sa

from chassis.db.database import schema_of

metadata = schema_of("inventory")

stock = sa.Table(
    "stock",
    metadata,
    sa.Column("sku", sa.String(64), primary_key=True),
    sa.Column("on_hand", sa.BigInteger, nullable=False),
    sa.Column("reserved", sa.BigInteger, nullable=False),
    # Units ever supplied: on_hand plus the units sold.
    sa.Column("supplied", sa.BigInteger, nullable=False),
    sa.CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved"),
)

reservation = sa.Table(
    "reservation",
    metadata,
    sa.Column("order_id", sa.Uuid, primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
)

reservation_line = sa.Table(
    "reservation_line",
    metadata,
    sa.Column("order_id", sa.Uuid, sa.ForeignKey(reservation.c.order_id), primary_key=True),
    sa.Column("sku", sa.String(64), primary_key=True),
    sa.Column("quantity", sa.Integer, nullable=False),
)
