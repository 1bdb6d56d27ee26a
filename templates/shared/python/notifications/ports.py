"""Ports of notifications: what they need from the rest of the program."""

from typing import Protocol

from .domain import Message


class Sender(Protocol):
    """Delivers messages to users."""

    async def send(self, message: Message) -> None:
        """Send the message; raise any exception if that fails, and the message will be retried.

        A transaction is open meanwhile: take less than `timeouts.IDLE_IN_TRANSACTION` seconds.
        """
        ...
