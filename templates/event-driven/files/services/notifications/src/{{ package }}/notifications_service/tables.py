"""Where the service keeps what it needs to hear and to tell events."""

from ..chassis.bus.held import Held
from ..chassis.database import schema_of

metadata = schema_of("notifications_service")

held = Held(metadata)
