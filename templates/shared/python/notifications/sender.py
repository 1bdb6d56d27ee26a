"""A message sender for development."""

import logging

from .domain import Message

log = logging.getLogger(__name__)


class LogSender:
    """Writes messages to the log instead of sending them."""

    async def send(self, message: Message) -> None:
        """Log the message."""
        log.info("Message to user %s: %s", message.user_id, message.text)
