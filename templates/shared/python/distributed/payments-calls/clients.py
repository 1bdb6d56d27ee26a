"""Clients of the services that payments call."""

from uuid import UUID

import msgspec

from chassis.http.calls.client import ServiceClient


class UserStatus(msgspec.Struct, frozen=True):
    """Whether a user exists."""

    exists: bool


class IdentityClient:
    """Client of the identity service."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def exists(self, user_id: UUID) -> bool:
        """Return whether there is a user with this id."""
        return (await self._client.get(f"/internal/users/{user_id}", UserStatus)).exists
