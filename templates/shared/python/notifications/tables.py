"""Notification tables."""

import sqlalchemy as sa

from chassis.db.columns import UtcDateTime
from chassis.db.database import schema_of
from chassis.db.retention import delete_when, id_before
from chassis.messaging.inbox import Inbox

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

delete_when(message, lambda keep: message.c.id < id_before(keep.keep_messages_days))

inbox = Inbox(metadata, "notifications")
