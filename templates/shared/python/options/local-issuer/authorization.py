"""Authorization requests (RFC 6749, section 4.1.1, with PKCE): their validation, and responses to them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from .clients import Clients, PublicClient

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Untrusted(Exception):
    """It is not known where to send the person back to, so the error is shown instead."""


class Refused(Exception):
    """The client is told why its request is refused."""

    def __init__(self, redirect_uri: str, state: str | None, code: str, description: str) -> None:
        super().__init__(description)
        self.redirect_uri = redirect_uri
        self.state = state
        self.code = code


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A valid request; `challenge` is the SHA-256 digest that the verifier must have."""

    client: PublicClient
    redirect_uri: str
    state: str | None
    scope: str
    challenge: str
    nonce: str | None


def parse(query: str, clients: Clients, scopes: Collection[str], default_scope: str) -> AuthorizationRequest:
    """Return the request in a query string; raise `Untrusted` or `Refused`."""
    # A parameter without a value counts as omitted (RFC 6749, section 3.1).
    pairs = parse_qsl(query)
    given = dict(pairs)
    if len(given) != len(pairs):
        raise Untrusted("A parameter is repeated.")
    client = clients.public(given.get("client_id", ""))
    if client is None:
        raise Untrusted("The client is unknown. Register it, or check its client_id.")
    redirect_uri = given.get("redirect_uri", "")
    if redirect_uri not in client.redirect_uris:
        raise Untrusted("The client has not registered this redirect_uri.")

    request = AuthorizationRequest(
        client,
        redirect_uri,
        given.get("state"),
        given.get("scope", default_scope),
        given.get("code_challenge", ""),
        given.get("nonce"),
    )
    if given.get("response_type") != "code":
        raise _refused(request, "unsupported_response_type", "supported: code")
    if given.get("response_mode", "query") != "query":
        raise _refused(request, "invalid_request", "supported response_mode: query")
    if given.get("code_challenge_method") != "S256" or _CHALLENGE.fullmatch(request.challenge) is None:
        raise _refused(request, "invalid_request", "PKCE is required, with code_challenge_method=S256")
    if not set(request.scope.split()) <= set(scopes):
        raise _refused(request, "invalid_scope", f"supported: {' '.join(scopes)}")
    if given.get("prompt") == "none":
        raise _refused(request, "login_required", "each request needs a login")
    return request


def response_uri(redirect_uri: str, **parameters: str | None) -> str:
    """Return the redirect URI with the parameters of a response, without those that are None."""
    given = urlencode({name: value for name, value in parameters.items() if value is not None})
    return f"{redirect_uri}{'&' if urlsplit(redirect_uri).query else '?'}{given}"


def _refused(request: AuthorizationRequest, code: str, description: str) -> Refused:
    return Refused(request.redirect_uri, request.state, code, description)
