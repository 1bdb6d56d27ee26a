"""Registered clients: id, secret and roles."""

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from ..chassis.ids import new_id


@dataclass(frozen=True, slots=True)
class Client:
    """A program that may get tokens. Its `subject` is the user that it stands for."""

    id: str
    secret: str
    subject: str
    roles: Collection[str] = ()


class Clients:
    """The clients that registered since the start."""

    def __init__(self, *known: Client) -> None:
        self._clients = {client.id: client for client in known}

    def register(self) -> Client:
        """Make a client without any role."""
        id = str(new_id())
        client = Client(id, secrets.token_urlsafe(32), subject=id)
        self._clients[id] = client
        return client

    def authenticate(self, id: str, secret: str) -> Client | None:
        """Return the client with this id and secret."""
        client = self._clients.get(id)
        if client is None or not hmac.compare_digest(client.secret.encode(), secret.encode()):
            return None
        return client
