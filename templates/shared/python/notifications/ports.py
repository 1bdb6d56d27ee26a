"""What notifications need from elsewhere."""

from typing import Protocol

from .domain import Message


class Sender(Protocol):
    """Brings messages to users."""

    async def send(self, message: Message) -> None:
        """Send the message; raise when it could not be sent, and it is tried again."""
        ...
