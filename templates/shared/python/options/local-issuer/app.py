"""HTTP API of the local issuer."""

import base64
import binascii
import json
from urllib.parse import parse_qsl, unquote_plus

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.ids import new_id

from .clients import Client, Clients
from .settings import IssuerSettings
from .tokens import ALGORITHM, LIFETIME, Tokens

METHODS = ["client_secret_basic", "client_secret_post"]
GRANT = "client_credentials"
NO_STORE = {"Cache-Control": "no-store"}


class LocalIssuer:
    """Serves discovery, registration, token and key requests."""

    def __init__(self, settings: IssuerSettings) -> None:
        self._issuer = settings.oidc_issuer
        self._scopes = ["openid", "email", settings.oidc_audience]
        admin = Client(
            settings.admin_client_id,
            settings.admin_client_secret.get_secret_value(),
            subject=str(new_id()),
            roles=[settings.oidc_admin_role],
        )
        self._clients = Clients(admin)
        self._tokens = Tokens(settings.oidc_issuer, settings.oidc_audience)

    def app(self) -> Starlette:
        """Return the application that serves this issuer."""
        # Web pages need tokens too. Any page may ask: there are no cookies, and only this machine is served.
        cors = Middleware(CORSMiddleware, allow_origins="*", allow_methods="*", allow_headers="*")
        return Starlette(
            middleware=[cors],
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/jwks", self.keys),
                Route("/register", self.register, methods=["POST"]),
                Route("/token", self.token, methods=["POST"]),
                Route("/rotate", self.rotate, methods=["POST"]),
            ],
        )

    async def discovery(self, request: Request) -> Response:
        """Return the issuer's metadata (OpenID Connect Discovery 1.0)."""
        return JSONResponse(
            {
                "issuer": self._issuer,
                "jwks_uri": f"{self._issuer}/jwks",
                "registration_endpoint": f"{self._issuer}/register",
                "token_endpoint": f"{self._issuer}/token",
                "token_endpoint_auth_methods_supported": METHODS,
                "grant_types_supported": [GRANT],
                "response_types_supported": [],
                "scopes_supported": self._scopes,
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
            }
        )

    async def keys(self, request: Request) -> Response:
        """Return the published keys."""
        return JSONResponse(self._tokens.published())

    async def rotate(self, request: Request) -> Response:
        """Rotate the signing key, for tests of clients that cache it."""
        self._tokens.rotate()
        return Response(status_code=204)

    async def register(self, request: Request) -> Response:
        """Register a client (RFC 7591, section 3)."""
        try:
            wanted = json.loads(await request.body())
            method = wanted.get("token_endpoint_auth_method", METHODS[0])
            grants = wanted.get("grant_types", [GRANT])
        except (ValueError, AttributeError):
            return _error(400, "invalid_client_metadata", "the body must be a JSON object")
        if method not in METHODS or grants != [GRANT]:
            return _error(400, "invalid_client_metadata", f"supported: {GRANT} with {' or '.join(METHODS)}")
        client = self._clients.register()
        answer = {
            "client_id": client.id,
            "client_secret": client.secret,
            "client_secret_expires_at": 0,
            "client_name": wanted.get("client_name", client.id),
            "grant_types": grants,
            "response_types": [],
            "token_endpoint_auth_method": method,
        }
        return JSONResponse(answer, 201, NO_STORE)

    async def token(self, request: Request) -> Response:
        """Issue a token with the client-credentials grant (RFC 6749, section 4.4)."""
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        client = self._clients.authenticate(*_credentials(request, form))
        if client is None:
            return _error(401, "invalid_client", "unknown client or wrong secret")
        if form.get("grant_type") != GRANT:
            return _error(400, "unsupported_grant_type", f"supported: {GRANT}")
        scope = form.get("scope", self._scopes[-1])
        if not set(scope.split()) <= set(self._scopes):
            return _error(400, "invalid_scope", f"supported: {' '.join(self._scopes)}")
        answer = {
            "access_token": self._tokens.issue(client, scope),
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": scope,
        }
        return JSONResponse(answer, headers=NO_STORE)


def create() -> Starlette:
    """Return the application as the environment configures it."""
    return LocalIssuer(IssuerSettings()).app()


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return unquote_plus(id), unquote_plus(secret)


def _error(status: int, code: str, description: str) -> Response:
    headers = NO_STORE | ({"WWW-Authenticate": "Basic"} if status == 401 else {})
    return JSONResponse({"error": code, "error_description": description}, status, headers)
