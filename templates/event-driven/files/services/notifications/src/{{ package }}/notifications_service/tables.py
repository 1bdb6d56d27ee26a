"""Messaging table of the notifications service: blocked keys."""

from chassis.db.database import schema_of
from chassis.messaging.bus.blocked_keys import BlockedKeys

metadata = schema_of("notifications_service")

blocked_keys = BlockedKeys(metadata)
