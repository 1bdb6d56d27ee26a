"""Tables of analytics: progress and buckets."""

import sqlalchemy as sa

from chassis.db.currency import StoredCurrency
from chassis.db.database import schema_of

metadata = schema_of("analytics")

# Position up to which each partition is counted. Every write checks the generation and the position that it
# started from, so that of two consumers, or a consumer and a rebuild, only one can count a record.
progress = sa.Table(
    "progress",
    metadata,
    sa.Column("topic", sa.String(100), primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
)

# Counts by minute of Unix time; `position` is the partition's position at the bucket's last change.
bucket = sa.Table(
    "bucket",
    metadata,
    sa.Column("topic", sa.String(100), primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("minute", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary(16_777_215), nullable=False),
)

currency = StoredCurrency(metadata)
