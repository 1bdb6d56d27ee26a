"""Messaging table of the notifications service: blocked keys."""

from ..chassis.bus.blocked_keys import BlockedKeys
from ..chassis.database import schema_of

metadata = schema_of("notifications_service")

blocked_keys = BlockedKeys(metadata)
