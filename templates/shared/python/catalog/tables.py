"""Catalog tables."""

import sqlalchemy as sa

from chassis.db.currency import StoredCurrency
from chassis.db.database import schema_of

metadata = schema_of("catalog")

product = sa.Table(
    "product",
    metadata,
    sa.Column("sku", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("folded_name", sa.String(600), nullable=False),
    sa.Column("description", sa.String(4000), nullable=False),
    sa.Column("category", sa.String(100), nullable=False),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("price >= 0", name="price"),
    sa.Index(None, "category", "sku"),
)

currency = StoredCurrency(metadata)
