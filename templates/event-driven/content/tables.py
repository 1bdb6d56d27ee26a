"""Messaging table of the content service: outbox."""

from chassis.db.database import schema_of
from chassis.messaging.outbox import Outbox

metadata = schema_of("content_service")

outbox = Outbox(metadata)
