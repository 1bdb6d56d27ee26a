"""The staff: users who are authors or editors.

It belongs to this context, and not to the accounts: a role counts at once, and with any issuer of tokens.
"""

from uuid import UUID

import sqlalchemy as sa

from chassis.auth.security import ADMIN, Forbidden, Principal
from chassis.db.conflicts import retry_conflicts, retry_duplicates
from chassis.db.database import Database
from chassis.http.problems import NotFound

from .domain import Member, Role
from .tables import staff_member

_ROLE = sa.select(staff_member.c.role).where(staff_member.c.user_id == sa.bindparam("user"))
_ALL = sa.select(staff_member).order_by(staff_member.c.user_id)
_CHANGE = (
    sa.update(staff_member)
    .where(staff_member.c.user_id == sa.bindparam("user"))
    .values(role=sa.bindparam("new_role"))
)
_ADD = sa.insert(staff_member)
_REMOVE = sa.delete(staff_member).where(staff_member.c.user_id == sa.bindparam("user"))


class Staff:
    """Knows who is an author and who is an editor. Administrators are editors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def members(self) -> list[Member]:
        """Return all authors and editors."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_ALL)
        return [Member(row.user_id, Role(row.role)) for row in rows]

    async def member(self, caller: Principal) -> Member:
        """Return the caller as a member of the staff; raise `Forbidden` for everybody else."""
        if ADMIN in caller.roles:
            return Member(caller.id, Role.EDITOR)
        async with self._database.reading() as connection:
            role = await connection.scalar(_ROLE, {"user": caller.id})
        if role is None:
            raise Forbidden
        return Member(caller.id, Role(role))

    # A concurrent request may add the member first.
    @retry_duplicates
    @retry_conflicts
    async def put(self, member: Member) -> None:
        """Add a member, or change the role of one."""
        async with self._database.transaction() as transaction:
            values = {"user": member.user_id, "new_role": member.role}
            if not (await transaction.execute(_CHANGE, values)).rowcount:
                await transaction.execute(_ADD, {"user_id": member.user_id, "role": member.role})

    @retry_conflicts
    async def remove(self, user_id: UUID) -> None:
        """Remove a member, whose articles remain; raise `NotFound`."""
        async with self._database.transaction() as transaction:
            if not (await transaction.execute(_REMOVE, {"user": user_id})).rowcount:
                raise NotFound("There is no such author or editor.")
