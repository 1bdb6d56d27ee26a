"""Registered clients: programs that act for themselves, and programs that people log in to."""

import hmac
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from chassis.ids import new_id

from .settings import LOOPBACK


@dataclass(frozen=True, slots=True)
class Client:
    """A program that may get tokens for itself; `subject` is the user that it acts as."""

    id: str
    secret: str
    subject: str
    roles: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class PublicClient:
    """A program without a secret that people log in to; codes are sent to its redirect URIs alone."""

    id: str
    name: str
    redirect_uris: frozenset[str]


class Clients:
    """The known clients, and those that registered since startup."""

    def __init__(self, confidential: Client, public: PublicClient) -> None:
        self._confidential = {confidential.id: confidential}
        self._public = {public.id: public}

    def register(self) -> Client:
        """Register a new client without any role."""
        id = str(new_id())
        client = Client(id, secrets.token_urlsafe(32), subject=id)
        self._confidential[id] = client
        return client

    def register_public(self, name: str, redirect_uris: Iterable[str]) -> PublicClient:
        """Register a new client for people; raise ValueError if a redirect URI is not acceptable."""
        client = PublicClient(str(new_id()), name, frozenset(redirect_uris))
        for uri in client.redirect_uris:
            origin_of(uri)
        self._public[client.id] = client
        return client

    def authenticate(self, id: str, secret: str) -> Client | None:
        """Return the client with this id and secret, or None."""
        client = self._confidential.get(id)
        if client is None or not hmac.compare_digest(client.secret.encode(), secret.encode()):
            return None
        return client

    def public(self, id: str) -> PublicClient | None:
        """Return the client without a secret that has this id, or None."""
        return self._public.get(id)


def origin_of(redirect_uri: str) -> str:
    """Return the origin of a redirect URI; raise ValueError unless it is one of this machine."""
    parts = urlsplit(redirect_uri)
    port = "" if parts.port is None else f":{parts.port}"
    origin = f"http://{parts.hostname}{port}"
    if parts.hostname not in (LOOPBACK, "localhost") or not redirect_uri.startswith(f"{origin}/"):
        raise ValueError("a redirect URI must have a path below http://127.0.0.1 or http://localhost")
    if parts.fragment or not redirect_uri.isascii() or not redirect_uri.isprintable():
        raise ValueError("a redirect URI must be printable ASCII text without a fragment")
    return origin
