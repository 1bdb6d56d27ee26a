"""The token endpoint: client-credentials grant and authorization-code grant."""

import base64
import binascii
from collections.abc import Collection
from urllib.parse import parse_qsl, unquote_plus

from starlette.requests import Request
from starlette.responses import Response

from .answers import answer, error
from .clients import Clients
from .codes import Codes
from .registration import AUTHORIZATION_CODE, CLIENT_CREDENTIALS
from .tokens import LIFETIME, Tokens

Form = dict[str, str]


class TokenEndpoint:
    """Issues tokens to programs that act for themselves, or for people who have logged in."""

    def __init__(
        self, clients: Clients, codes: Codes, tokens: Tokens, scopes: Collection[str], default_scope: str
    ) -> None:
        self._clients = clients
        self._codes = codes
        self._tokens = tokens
        self._scopes = scopes
        self._default_scope = default_scope

    async def token(self, request: Request) -> Response:
        """Issue a token."""
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        id, secret = _credentials(request, form)
        if form.get("grant_type") == AUTHORIZATION_CODE:
            return self._for_code(id, form)
        return self._for_client(id, secret, form)

    def _for_client(self, id: str, secret: str, form: Form) -> Response:
        """Answer with a token of the client itself (RFC 6749, section 4.4)."""
        client = self._clients.authenticate(id, secret)
        if client is None:
            return error(401, "invalid_client", "unknown client or wrong secret")
        if form.get("grant_type") != CLIENT_CREDENTIALS:
            supported = f"supported: {AUTHORIZATION_CODE} and {CLIENT_CREDENTIALS}"
            return error(400, "unsupported_grant_type", supported)
        scope = form.get("scope", self._default_scope)
        if not set(scope.split()) <= set(self._scopes):
            return error(400, "invalid_scope", f"supported: {' '.join(self._scopes)}")
        return _tokens(scope, access_token=self._tokens.issue(client, scope))

    def _for_code(self, id: str, form: Form) -> Response:
        """Answer with tokens of the person who has logged in (RFC 6749, section 4.1.3)."""
        client = self._clients.public(id)
        if client is None:
            return error(401, "invalid_client", "unknown client")
        # Whatever happens now, the code is used up.
        grant = self._codes.redeem(form.get("code", ""))
        redirect_uri, verifier = form.get("redirect_uri", ""), form.get("code_verifier", "")
        if grant is None or not grant.is_for(client.id, redirect_uri, verifier):
            return error(400, "invalid_grant", "unknown, used or expired code, or another request's")
        scope = grant.request.scope
        given = {"access_token": self._tokens.issue_to(client.id, grant.account, scope)}
        if "openid" in scope.split():
            nonce = grant.request.nonce
            given["id_token"] = self._tokens.identify(client.id, grant.account, scope, nonce)
        return _tokens(scope, **given)


def _tokens(scope: str, **tokens: str) -> Response:
    return answer({**tokens, "token_type": "Bearer", "expires_in": LIFETIME, "scope": scope})


def _credentials(request: Request, form: Form) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return unquote_plus(id), unquote_plus(secret)
