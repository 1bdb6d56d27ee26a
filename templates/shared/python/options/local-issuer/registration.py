"""Registration of clients (RFC 7591)."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .answers import answer, error
from .clients import Clients

SECRET_METHODS = ["client_secret_basic", "client_secret_post"]
CLIENT_CREDENTIALS = "client_credentials"
AUTHORIZATION_CODE = "authorization_code"
_SUPPORTED = (
    f"supported: {CLIENT_CREDENTIALS} with {' or '.join(SECRET_METHODS)}, "
    f"and {AUTHORIZATION_CODE} with redirect_uris and the method none"
)


class Registration:
    """The registration endpoint."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def register(self, request: Request) -> Response:
        """Register a client: with redirect URIs one for people, else one that acts for itself."""
        try:
            wanted = json.loads(await request.body())
            redirect_uris = wanted.get("redirect_uris", [])
        except (ValueError, AttributeError):
            return error(400, "invalid_client_metadata", "the body must be a JSON object")
        if not redirect_uris:
            return self._register(wanted)
        if not isinstance(redirect_uris, list) or not all(isinstance(uri, str) for uri in redirect_uris):
            return error(400, "invalid_redirect_uri", "redirect_uris must be a list of texts")
        return self._register_public(wanted, redirect_uris)

    def _register(self, wanted: dict[str, Any]) -> Response:
        grants = wanted.get("grant_types", [CLIENT_CREDENTIALS])
        method = wanted.get("token_endpoint_auth_method", SECRET_METHODS[0])
        if grants != [CLIENT_CREDENTIALS] or method not in SECRET_METHODS:
            return error(400, "invalid_client_metadata", _SUPPORTED)
        client = self._clients.register()
        metadata = {
            "client_id": client.id,
            "client_secret": client.secret,
            "client_secret_expires_at": 0,
            "client_name": wanted.get("client_name", client.id),
            "grant_types": grants,
            "response_types": [],
            "token_endpoint_auth_method": method,
        }
        return answer(metadata, 201)

    def _register_public(self, wanted: dict[str, Any], redirect_uris: list[str]) -> Response:
        grants = wanted.get("grant_types", [AUTHORIZATION_CODE])
        method = wanted.get("token_endpoint_auth_method", "none")
        types = wanted.get("response_types", ["code"])
        if (grants, method, types) != ([AUTHORIZATION_CODE], "none", ["code"]):
            return error(400, "invalid_client_metadata", _SUPPORTED)
        try:
            client = self._clients.register_public(str(wanted.get("client_name", "a program")), redirect_uris)
        except ValueError as reason:
            return error(400, "invalid_redirect_uri", str(reason))
        metadata = {
            "client_id": client.id,
            "client_name": client.name,
            "redirect_uris": redirect_uris,
            "grant_types": grants,
            "response_types": types,
            "token_endpoint_auth_method": method,
        }
        return answer(metadata, 201)
