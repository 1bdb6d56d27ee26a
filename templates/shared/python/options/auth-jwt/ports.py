"""Ports of identity: what it needs from the rest of the program."""

from typing import Protocol


class Mail(Protocol):
    """Sends messages to the owners of accounts."""

    async def send_reset(self, email: str, token: str) -> None:
        """Send the token with which the owner of `email` can set a new password."""
        ...
