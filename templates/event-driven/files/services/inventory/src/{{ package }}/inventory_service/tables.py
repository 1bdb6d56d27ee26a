"""Where the service keeps what it needs to hear and to tell events."""

from ..chassis.bus.held import Held
from ..chassis.database import schema_of
from ..chassis.inbox import Inbox
from ..chassis.outbox import Outbox

metadata = schema_of("inventory_service")

inbox = Inbox(metadata, "inventory")
held = Held(metadata)
outbox = Outbox(metadata)
