"""Login of people, who are then redirected to their client with a code."""

from collections.abc import Collection
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .accounts import Accounts
from .answers import NO_STORE
from .authorization import Refused, Untrusted, parse, response_uri
from .clients import Clients, origin_of
from .codes import Codes
from .login_page import error_page, login_page

WRONG = "Email or password is wrong."


class Login:
    """The authorization endpoint. It keeps no session, so each request needs email and password."""

    def __init__(
        self,
        issuer: str,
        clients: Clients,
        accounts: Accounts,
        codes: Codes,
        scopes: Collection[str],
        default_scope: str,
    ) -> None:
        self._issuer = issuer
        self._clients = clients
        self._accounts = accounts
        self._codes = codes
        self._scopes = scopes
        self._default_scope = default_scope

    async def authorize(self, request: Request) -> Response:
        """Show the login page, or redirect the person who has logged in."""
        try:
            wanted = parse(request.url.query, self._clients, self._scopes, self._default_scope)
        except Untrusted as reason:
            return error_page(str(reason))
        except Refused as refused:
            return self._redirect(
                refused.redirect_uri, refused.state, error=refused.code, error_description=str(refused)
            )
        origin = origin_of(wanted.redirect_uri)
        if request.method != "POST":
            return login_page(wanted.client.name, origin)
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        account = self._accounts.authenticate(form.get("email", ""), form.get("password", ""))
        if account is None:
            return login_page(wanted.client.name, origin, WRONG)
        return self._redirect(wanted.redirect_uri, wanted.state, code=self._codes.issue(wanted, account))

    def _redirect(self, redirect_uri: str, state: str | None, **parameters: str) -> Response:
        # The issuer's name tells clients of several issuers which of them has answered (RFC 9207).
        address = response_uri(redirect_uri, **parameters, state=state, iss=self._issuer)
        headers = NO_STORE | {"Referrer-Policy": "no-referrer"}
        return RedirectResponse(address, 303, headers)
