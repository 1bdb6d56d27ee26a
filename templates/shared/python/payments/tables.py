"""Payment tables."""

import sqlalchemy as sa

from chassis.db.columns import UtcDateTime
from chassis.db.currency import StoredCurrency
from chassis.db.database import schema_of

metadata = schema_of("payments")

wallet = sa.Table(
    "wallet",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("balance", sa.BigInteger, nullable=False),
    sa.CheckConstraint("balance >= 0", name="balance"),
)

ledger_entry = sa.Table(
    "ledger_entry",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    # The id of the order or top-up.
    sa.Column("reference", sa.Uuid, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    # A user's id, or one of the shop's own accounts.
    sa.Column("account", sa.Uuid, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("reference", "kind", "account"),
)

top_up = sa.Table(
    "top_up",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("admin_id", sa.Uuid, nullable=False),
    sa.Column("key", sa.String(255), nullable=False),
    sa.Column("user_id", sa.Uuid, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("balance", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("admin_id", "key"),
)

currency = StoredCurrency(metadata)
