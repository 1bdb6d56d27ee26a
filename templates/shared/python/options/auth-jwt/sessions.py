"""Sessions: families of refresh tokens, each token valid for one use.

A refresh token is the id of its family and a secret of 256 bits, of which only the hash is stored; using it
replaces the secret. If any other secret is presented, the family is deleted: two parties hold its tokens, and
nobody can tell which of them is the thief. The same applies to two simultaneous refreshes with one token: one
of them succeeds, the other deletes the family, and the new refresh token becomes invalid with it (the new
access token lives on for its ten minutes). A client must therefore not refresh twice at once.
"""

import base64
import binascii
import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from chassis.clock import now
from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database
from chassis.http.problems import Problem

from .domain import User
from .tables import sessions, users
from .users import invalid_credentials

LIFETIME = timedelta(days=30)
_SECRET_BYTES = 32

_log = logging.getLogger(__name__)
_insert = sa.insert(sessions)
_delete = sa.delete(sessions).where(sessions.c.id == sa.bindparam("family"))
_delete_expired = sa.delete(sessions).where(
    sessions.c.user_id == sa.bindparam("user"), sessions.c.expires_at <= sa.bindparam("time")
)
_rotate = (
    sa.update(sessions)
    .where(
        sessions.c.id == sa.bindparam("family"),
        sessions.c.secret_hash == sa.bindparam("old_hash"),
        sessions.c.expires_at > sa.bindparam("time"),
    )
    .values(secret_hash=sa.bindparam("new_hash"), expires_at=sa.bindparam("new_expires_at"))
)
_password = (
    sa.select(users.c.password_hash).where(users.c.id == sa.bindparam("user")).with_for_update(read=True)
)
_user = (
    sa.select(users.c.id, users.c.email, users.c.roles)
    .join(sessions, sessions.c.user_id == users.c.id)
    .where(sessions.c.id == sa.bindparam("family"))
)


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """The contents of a refresh token: its family and its secret."""

    family: UUID
    secret: bytes

    def encoded(self) -> str:
        """Return the opaque text that the client stores."""
        return base64.urlsafe_b64encode(self.family.bytes + self.secret).decode()

    def hash(self) -> bytes:
        """Return the hash to store. 256 random bits need no slow hash."""
        return hashlib.sha256(self.secret).digest()

    @classmethod
    def decode(cls, text: str) -> "RefreshToken | None":
        """Return the token that `text` encodes, or None if it is malformed."""
        try:
            raw = base64.b64decode(text, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        return cls(UUID(bytes=raw[:16]), raw[16:]) if len(raw) == 16 + _SECRET_BYTES else None


class Sessions:
    """Opens, refreshes and ends sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retry_conflicts
    async def open(self, user: User, password_hash: str) -> str:
        """Start a family for `user`, delete their expired ones, and return the first refresh token.

        Raises the problem `invalid-credentials` if the password has changed since it was verified.
        """
        token = RefreshToken(uuid4(), secrets.token_bytes(_SECRET_BYTES))
        time = now()
        row = {
            "id": token.family,
            "user_id": user.id,
            "secret_hash": token.hash(),
            "expires_at": time + LIFETIME,
        }
        async with self._database.transaction() as transaction:
            # Locked, so that a change of the password ends this session, too.
            if await transaction.scalar(_password, {"user": user.id}) != password_hash:
                raise invalid_credentials()
            await transaction.execute(_delete_expired, {"user": user.id, "time": time})
            await transaction.execute(_insert, row)
        return token.encoded()

    @retry_conflicts
    async def rotate(self, text: str) -> tuple[User, str]:
        """Use up a refresh token; return its user and the next token, valid for 30 days.

        Raises the problem `invalid-refresh-token` for any other token, and deletes its family.
        """
        shown = RefreshToken.decode(text)
        if shown is None:
            raise _invalid()
        following = RefreshToken(shown.family, secrets.token_bytes(_SECRET_BYTES))
        time = now()
        change = {
            "family": shown.family,
            "old_hash": shown.hash(),
            "new_hash": following.hash(),
            "time": time,
            "new_expires_at": time + LIFETIME,
        }
        async with self._database.transaction() as transaction:
            if (await transaction.execute(_rotate, change)).rowcount == 1:
                row = (await transaction.execute(_user, {"family": shown.family})).one()
                return User(row.id, row.email, row.roles), following.encoded()
            deleted = (await transaction.execute(_delete, {"family": shown.family})).rowcount
        if deleted:
            _log.warning("refresh token reused or expired: session %s ended", shown.family)
        raise _invalid()

    @retry_conflicts
    async def end(self, text: str) -> None:
        """Delete the family of a refresh token, if it exists."""
        shown = RefreshToken.decode(text)
        if shown is not None:
            async with self._database.transaction() as transaction:
                await transaction.execute(_delete, {"family": shown.family})


def _invalid() -> Problem:
    return Problem(401, "invalid-refresh-token", "The refresh token is not valid. Sign in again.")
