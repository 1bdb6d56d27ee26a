"""Order tables."""

import sqlalchemy as sa

from chassis.db.columns import UtcDateTime
from chassis.db.database import schema_of
from chassis.db.retention import delete_when, id_before
from chassis.messaging.outbox import Outbox

metadata = schema_of("orders")

order = sa.Table(
    "order",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, nullable=False),
    sa.Column("from_cart", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Index(None, "user_id", "id"),
)

order_line = sa.Table(
    "order_line",
    metadata,
    sa.Column("order_id", sa.Uuid, sa.ForeignKey(order.c.id), primary_key=True),
    sa.Column("position", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("sku", sa.String(64), nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("unit_price", sa.BigInteger, nullable=False),
)

# Cart items that are ordered. The primary key decides which of several orders gets an item; the rows of a
# rejected order are deleted, so that its items can be ordered again.
ordered_cart_item = sa.Table(
    "ordered_cart_item",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("sku", sa.String(64), primary_key=True),
    sa.Column("revision", sa.Uuid, primary_key=True),
    sa.Column("order_id", sa.Uuid, nullable=False),
)

# Responses to requests; the primary key decides which of several equal requests places the order.
idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("fingerprint", sa.LargeBinary(32), nullable=False),
    sa.Column("order_id", sa.Uuid, nullable=False),
    sa.Column("body", sa.LargeBinary(65_535), nullable=False),
    sa.Index(None, "order_id"),
)
# The id of an order tells when it was placed.
delete_when(idempotency, lambda keep: idempotency.c.order_id < id_before(keep.keep_idempotency_days))

outbox = Outbox(metadata)
