"""Saga table."""

import sqlalchemy as sa

from chassis.db.columns import UtcDateTime
from chassis.db.database import schema_of

metadata = schema_of("sagas")

# One row per order in flight; deleted when the saga ends.
saga = sa.Table(
    "saga",
    metadata,
    sa.Column("order_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, nullable=False),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("deadline", UtcDateTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("obstacle", sa.String(500)),
    # Fencing token; every claim sets a new one.
    sa.Column("claim", sa.Uuid, nullable=False),
    # When it may be claimed: after the pause that follows a failure, or when the lease expires.
    sa.Column("due_at", UtcDateTime, nullable=False),
    # The trace of the request that opened the saga; a resumed saga continues it.
    sa.Column("traceparent", sa.String(55)),
    sa.Index(None, "due_at"),
)
