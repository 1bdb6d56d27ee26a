"""Registered clients: id, secret and roles."""

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from chassis.ids import new_id


@dataclass(frozen=True, slots=True)
class Client:
    """A program that may get tokens; `subject` is the user that it acts as."""

    id: str
    secret: str
    subject: str
    roles: Collection[str] = ()


class Clients:
    """The known clients, and those that registered since startup."""

    def __init__(self, *known: Client) -> None:
        self._clients = {client.id: client for client in known}

    def register(self) -> Client:
        """Register a new client without any role."""
        id = str(new_id())
        client = Client(id, secrets.token_urlsafe(32), subject=id)
        self._clients[id] = client
        return client

    def authenticate(self, id: str, secret: str) -> Client | None:
        """Return the client with this id and secret, or None."""
        client = self._clients.get(id)
        if client is None or not hmac.compare_digest(client.secret.encode(), secret.encode()):
            return None
        return client
