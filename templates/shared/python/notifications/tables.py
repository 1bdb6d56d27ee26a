"""Notification tables."""

import sqlalchemy as sa

from ..chassis.columns import UtcDateTime
from ..chassis.database import schema_of
from ..chassis.inbox import Inbox

metadata = schema_of("notifications")

message = sa.Table(
    "message",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("event_id", sa.Uuid, nullable=False),
    sa.Column("user_id", sa.Uuid, nullable=False),
    sa.Column("order_id", sa.Uuid, nullable=False),
    sa.Column("about", sa.String(100), nullable=False),
    sa.Column("text", sa.String(500), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

inbox = Inbox(metadata, "notifications")
