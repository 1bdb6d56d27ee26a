"""Accounts: an email address, a password and roles."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.auth.security import ADMIN, CUSTOMER, Forbidden
from chassis.clock import now
from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database
from chassis.db.lists import with_list
from chassis.http.problems import Conflict, NotFound, Problem
from chassis.ids import new_id

from .domain import User
from .emails import normal_email
from .passwords import Passwords
from .tables import sessions, users

_insert = sa.insert(users)
_by_email = sa.select(users).where(users.c.email == sa.bindparam("address"))
_by_id = sa.select(users.c.id, users.c.email, users.c.roles).where(users.c.id == sa.bindparam("user"))
_replace_hash = (
    sa.update(users)
    .where(users.c.id == sa.bindparam("user"), users.c.password_hash == sa.bindparam("old_hash"))
    .values(password_hash=sa.bindparam("new_hash"))
)
_password = sa.select(users.c.password_hash).where(users.c.id == sa.bindparam("user"))
_lock = with_list(
    users.c.id,
    lambda one_of: (
        sa.select(users.c.id, users.c.email, users.c.roles)
        .where(one_of)
        .order_by(users.c.id)
        .with_for_update()
    ),
)
_set_roles = (
    sa.update(users).where(users.c.id == sa.bindparam("user")).values(roles=sa.bindparam("all_roles"))
)
_promote = (
    sa.update(users)
    .where(users.c.id == sa.bindparam("user"))
    .values(password_hash=sa.bindparam("hash"), roles=sa.bindparam("all_roles"))
)
_sign_out = sa.delete(sessions).where(sessions.c.user_id == sa.bindparam("user"))


class Users:
    """Registers and authenticates users."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    @retry_conflicts
    async def register(self, email: str, password: str, roles: tuple[str, ...] = (CUSTOMER,)) -> User:
        """Create an account for a normalized `email`; raise the problem `email-taken` if there is one."""
        user = User(new_id(), email, sorted(roles))
        row = {
            "id": user.id,
            "email": email,
            "password_hash": await self._passwords.hash(password),
            "roles": user.roles,
            "created_at": now(),
        }
        try:
            async with self._database.transaction() as transaction:
                await transaction.execute(_insert, row)
        except IntegrityError as error:
            raise Conflict("email-taken", "An account with this email address already exists.") from error
        return user

    async def authenticate(self, email: str, password: str) -> tuple[User, str]:
        """Return the user with this email and password, and the password's hash.

        Raises the problem `invalid-credentials`. An unknown email takes as long as a wrong password. A hash
        made with outdated parameters is replaced here, because only now the password is known.
        """
        row = await self.find(email)
        encoded = None if row is None else row.password_hash
        if not await self._passwords.matches(password, encoded) or row is None:
            raise invalid_credentials()
        encoded = row.password_hash
        if self._passwords.is_outdated(encoded):
            new_hash = await self._passwords.hash(password)
            async with self._database.transaction() as transaction:
                values = {"user": row.id, "old_hash": encoded, "new_hash": new_hash}
                replaced = (await transaction.execute(_replace_hash, values)).rowcount
            if not replaced:
                # A concurrent request has replaced it, or changed the password.
                return await self.authenticate(email, password)
            encoded = new_hash
        return User(row.id, row.email, row.roles), encoded

    async def exists(self, user_id: UUID) -> bool:
        """Return whether there is an account with this id."""
        async with self._database.reading() as connection:
            return await connection.scalar(_by_id, {"user": user_id}) is not None

    async def find(self, email: str) -> sa.Row[Any] | None:
        """Return the row of the account with a normalized `email`."""
        async with self._database.reading() as connection:
            return (await connection.execute(_by_email, {"address": email})).one_or_none()

    async def password_hash(self, user_id: UUID) -> str | None:
        """Return the hash of the account's password; None if there is no such account."""
        async with self._database.reading() as connection:
            found: str | None = await connection.scalar(_password, {"user": user_id})
            return found

    async def change_password(self, user_id: UUID, current: str, new: str) -> None:
        """Set a new password and end all sessions; raise the problem `wrong-password`."""
        old_hash = await self.password_hash(user_id)
        if not await self._passwords.matches(current, old_hash) or old_hash is None:
            raise _wrong_password()
        if not await self.set_password(user_id, old_hash, new):
            raise _wrong_password()

    @retry_conflicts
    async def set_password(self, user_id: UUID, old_hash: str, password: str) -> bool:
        """Set a new password and end all sessions; return False if the hash is no longer `old_hash`."""
        new_hash = await self._passwords.hash(password)
        values = {"user": user_id, "old_hash": old_hash, "new_hash": new_hash}
        async with self._database.transaction() as transaction:
            if (await transaction.execute(_replace_hash, values)).rowcount != 1:
                return False
            await transaction.execute(_sign_out, {"user": user_id})
        return True

    @retry_conflicts
    async def set_administrator(self, user_id: UUID, *, administrator: bool, by: UUID) -> User:
        """Give or take the admin role, which counts from the next access token on; raise `NotFound`.

        Raises `Forbidden` if the caller (`by`) has lost the role: an earlier access token still names it.
        """
        async with self._database.transaction() as transaction:
            rows = {row.id: row for row in await transaction.execute(*_lock({by, user_id}))}
            if by not in rows or ADMIN not in rows[by].roles:
                raise Forbidden
            row = rows.get(user_id)
            if row is None:
                raise NotFound("There is no account with this id.")
            roles = sorted({*row.roles, ADMIN} if administrator else {*row.roles} - {ADMIN})
            await transaction.execute(_set_roles, {"user": user_id, "all_roles": roles})
        return User(row.id, row.email, roles)

    async def ensure_admin(self, email: str, password: str) -> None:
        """Ensure that this account exists and is an administrator's; `password` is its first one."""
        email = normal_email(email)
        row = await self.find(email)
        if row is None:
            await self.register(email, password, (ADMIN, CUSTOMER))
        elif ADMIN not in row.roles:
            # Somebody else may have registered this address first and must not become the administrator:
            # neither their password nor their sessions survive.
            new_hash = await self._passwords.hash(password)
            async with self._database.transaction() as transaction:
                roles = sorted({*row.roles, ADMIN})
                await transaction.execute(_promote, {"user": row.id, "hash": new_hash, "all_roles": roles})
                await transaction.execute(_sign_out, {"user": row.id})


def invalid_credentials() -> Problem:
    """Return the problem of a wrong email address or password."""
    return Problem(401, "invalid-credentials", "The email address or the password is wrong.")


def _wrong_password() -> Problem:
    return Problem(403, "wrong-password", "The current password is wrong.")
