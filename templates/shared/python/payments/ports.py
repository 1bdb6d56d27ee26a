"""Ports of payments: what they need from the rest of the program."""

from typing import Protocol
from uuid import UUID


class Users(Protocol):
    """Looks up users."""

    async def exists(self, user_id: UUID) -> bool:
        """Return whether there is a user with this id."""
        ...
