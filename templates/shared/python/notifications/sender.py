"""A sender for development."""

import logging

from .domain import Message

log = logging.getLogger(__name__)


class LogSender:
    """Writes messages to the log."""

    async def send(self, message: Message) -> None:
        """Log the message."""
        log.info("To user %s: %s", message.user_id, message.text)
