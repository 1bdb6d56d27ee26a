"""Authorization codes, each of which is good for one token."""

import base64
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from .accounts import Account
from .authorization import AuthorizationRequest

LIFETIME = 60.0  # seconds
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for: the request that an account has granted."""

    request: AuthorizationRequest
    account: Account
    expires_at: float

    def is_for(self, client_id: str, redirect_uri: str, verifier: str) -> bool:
        """Whether the client made the request, with a challenge that matches `verifier` (RFC 7636, 4.6)."""
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=")
        return (
            client_id == self.request.client.id
            and redirect_uri == self.request.redirect_uri
            and _VERIFIER.fullmatch(verifier) is not None
            and hmac.compare_digest(challenge, self.request.challenge.encode())
        )


class Codes:
    """The codes that were issued and not redeemed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._grants: dict[str, Grant] = {}

    def issue(self, request: AuthorizationRequest, account: Account) -> str:
        """Return a new code for what `account` has granted."""
        now = self._clock()
        self._grants = {code: grant for code, grant in self._grants.items() if now < grant.expires_at}
        code = secrets.token_urlsafe(32)
        self._grants[code] = Grant(request, account, now + LIFETIME)
        return code

    def redeem(self, code: str) -> Grant | None:
        """Return what the code stands for, once; None if it is unknown, used or expired."""
        grant = self._grants.pop(code, None)
        return grant if grant is not None and self._clock() < grant.expires_at else None
