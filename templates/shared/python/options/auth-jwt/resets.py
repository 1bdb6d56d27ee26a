"""Forgotten passwords: a token by mail lets the owner of an account set a new one."""

import hashlib
import logging
from time import time
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from chassis.http.problems import Problem

from .keys import ALGORITHM
from .ports import Mail
from .users import Users

log = logging.getLogger(__name__)
LIFETIME = 1800  # seconds
TYPE = "reset+jwt"


class PasswordResets:
    """Sends and redeems reset tokens.

    A token names the password hash that it replaces. It is therefore valid for one reset, and no longer valid
    after any other change of the password, and nothing has to be stored.
    """

    def __init__(self, users: Users, keys: KeySet, issuer: str, mail: Mail) -> None:
        self._users = users
        self._keys = keys
        self._issuer = issuer
        self._mail = mail
        self._rules = JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            sub={"essential": True},
            exp={"essential": True},
            replaces={"essential": True},
        )

    async def request(self, email: str) -> None:
        """Send a reset token to the owner of `email`; do nothing if there is no such account."""
        account = await self._users.find(email)
        if account is None:
            return
        claims = {
            "iss": self._issuer,
            "sub": str(account.id),
            "exp": int(time()) + LIFETIME,
            "replaces": _digest(account.password_hash),
        }
        key = self._keys.keys[0]
        header = {"typ": TYPE, "alg": ALGORITHM, "kid": key.kid}
        token = jwt.encode(header, claims, key, algorithms=[ALGORITHM])
        try:
            await self._mail.send_reset(email, token)
        except OSError:
            # Nobody waits for the outcome, and the owner can ask again.
            log.exception("A mail with a reset token could not be sent")

    async def redeem(self, token: str, password: str) -> None:
        """Set a new password and end all sessions; raise the problem `invalid-reset-token`."""
        try:
            decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            if decoded.header.get("typ") != TYPE:
                raise ValueError("not a reset token")
            self._rules.validate(decoded.claims)
            user_id, replaces = UUID(decoded.claims["sub"]), decoded.claims["replaces"]
        except (JoseError, ValueError, TypeError) as error:
            # TypeError: joserfc takes any JSON for an object with members of the right types.
            raise _invalid() from error
        old_hash = await self._users.password_hash(user_id)
        if old_hash is None or _digest(old_hash) != replaces:
            raise _invalid()
        if not await self._users.set_password(user_id, old_hash, password):
            raise _invalid()


def _digest(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()


def _invalid() -> Problem:
    return Problem(401, "invalid-reset-token", "The reset token is not valid. Request a new one.")
