"""Note service: reads and writes notes."""

from uuid import UUID

import sqlalchemy as sa

from chassis.db.conflicts import retry_conflicts, retry_duplicates
from chassis.db.database import Database
from chassis.http.problems import NotFound

from .domain import Note
from .tables import note

_OWN_NOTE = (note.c.user_id == sa.bindparam("owner_id"), note.c.id == sa.bindparam("note_id"))
_READ = sa.select(note.c.id, note.c.text).where(*_OWN_NOTE)
_SET = sa.update(note).where(*_OWN_NOTE).values(text=sa.bindparam("new_text"))
_ADD = sa.insert(note)


class Notes:
    """Notes of all users; each user has access only to their own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, user_id: UUID, note_id: UUID) -> Note:
        """Return the user's note; raise `NotFound`."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_READ, {"owner_id": user_id, "note_id": note_id})).one_or_none()
        if row is None:
            raise NotFound("The note does not exist.")
        return Note(*row)

    # A concurrent request of the same user may insert it first; then the update applies.
    @retry_duplicates
    @retry_conflicts
    async def put(self, user_id: UUID, new: Note) -> None:
        """Create or replace the user's note."""
        async with self._database.transaction() as transaction:
            values = {"owner_id": user_id, "note_id": new.id, "new_text": new.text}
            if not (await transaction.execute(_SET, values)).rowcount:
                await transaction.execute(_ADD, {"user_id": user_id, "id": new.id, "text": new.text})
