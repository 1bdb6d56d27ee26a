"""Where the service keeps what it needs to hear and to tell events."""

from ..chassis.bus.held import Held
from ..chassis.database import schema_of
from ..chassis.inbox import Inbox

metadata = schema_of("cart_service")

inbox = Inbox(metadata, "cart")
held = Held(metadata)
