"""Where analytics keeps its windows."""

import sqlalchemy as sa

from ..chassis.database import schema_of

metadata = schema_of("analytics")

# Up to where each partition is counted. Whoever writes has to name the generation and the position that it
# went on from: so two consumers of one partition, or one that a rebuild has overtaken, never both count.
progress = sa.Table(
    "progress",
    metadata,
    sa.Column("topic", sa.String(100), primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
)

# What was counted, by the minute of Unix time; `position` is the partition's when the bucket changed last.
bucket = sa.Table(
    "bucket",
    metadata,
    sa.Column("topic", sa.String(100), primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("minute", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary(16_777_215), nullable=False),
)
