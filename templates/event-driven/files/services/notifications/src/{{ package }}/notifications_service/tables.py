"""Where the service keeps what it needs to hear and to tell events."""

from ..chassis.bus.blocked_keys import BlockedKeys
from ..chassis.database import schema_of

metadata = schema_of("notifications_service")

blocked_keys = BlockedKeys(metadata)
