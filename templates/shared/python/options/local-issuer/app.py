"""HTTP API of the local issuer."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.ids import new_id

from .accounts import Account, Accounts
from .clients import Client, Clients, PublicClient
from .codes import Codes
from .login import Login
from .registration import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, SECRET_METHODS, Registration
from .settings import LOOPBACK, IssuerSettings
from .token_endpoint import TokenEndpoint
from .tokens import ALGORITHM, Tokens

DOCS_CLIENT = "docs"
"""Client id of the pages that show the API."""


class LocalIssuer:
    """The issuer's parts, wired; serves discovery and keys itself."""

    def __init__(self, settings: IssuerSettings) -> None:
        self._issuer = issuer = settings.oidc_issuer
        audience, role = settings.oidc_audience, settings.oidc_admin_role
        self._scopes = scopes = ["openid", "email", audience]
        self._tokens = tokens = Tokens(issuer, audience)
        admin = Client(
            settings.admin_client_id,
            settings.admin_client_secret.get_secret_value(),
            subject=str(new_id()),
            roles=[role],
        )
        docs = PublicClient(DOCS_CLIENT, "the API documentation", _docs_redirects(settings))
        clients = Clients(admin, docs)
        accounts = Accounts(
            Account(settings.admin_email, settings.admin_password, roles=[role]),
            Account(settings.customer_email, settings.customer_password),
        )
        codes = Codes()
        self._registration = Registration(clients)
        self._login = Login(issuer, clients, accounts, codes, scopes, audience)
        self._token_endpoint = TokenEndpoint(clients, codes, tokens, scopes, audience)

    def app(self) -> Starlette:
        """Return the application that serves this issuer."""
        # Web pages need tokens too. Any page may ask: there are no cookies, and only this machine is served.
        cors = Middleware(CORSMiddleware, allow_origins="*", allow_methods="*", allow_headers="*")
        return Starlette(
            middleware=[cors],
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/jwks", self.keys),
                Route("/register", self._registration.register, methods=["POST"]),
                Route("/authorize", self._login.authorize, methods=["GET", "POST"]),
                Route("/token", self._token_endpoint.token, methods=["POST"]),
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
                "authorization_endpoint": f"{self._issuer}/authorize",
                "token_endpoint": f"{self._issuer}/token",
                "token_endpoint_auth_methods_supported": ["none", *SECRET_METHODS],
                "grant_types_supported": [AUTHORIZATION_CODE, CLIENT_CREDENTIALS],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
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


def create() -> Starlette:
    """Return the application as the environment configures it."""
    return LocalIssuer(IssuerSettings()).app()


def _docs_redirects(settings: IssuerSettings) -> frozenset[str]:
    """Return the addresses to which /docs is redirected: people open it under both names of this machine."""
    ports = [address.strip().rpartition(":")[2] for address in settings.docs_urls.split(",")]
    hosts = (LOOPBACK, "localhost")
    return frozenset(f"http://{host}:{port}/docs/oauth2-redirect" for host in hosts for port in ports)
