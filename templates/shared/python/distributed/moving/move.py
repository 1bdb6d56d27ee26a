"""The steps of a move."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from ..conflicts import is_conflict, is_timeout
from ..database import Database
from ..schema import ARRIVING, MOVED, contexts, known_revisions, version_schema
from . import server
from .comparing import Comparing
from .copying import BATCH, Copying
from .tables import MovingTable

_LOCK = 4_115_112_098
_ATTEMPTS = 60
_PAUSE_SECONDS = 0.5


class MoveRefused(Exception):
    """The step cannot be taken; the message says why, and what to do."""


class State(Enum):
    """Names of the tables on one side."""

    IN_USE = ""
    MOVED = MOVED
    ARRIVING = ARRIVING
    ABSENT = None


class Move:
    """The move of contexts from `source` to `target`; `report` is called with what has happened.

    The source is a connection in autocommit mode.
    """

    def __init__(
        self,
        source: AsyncConnection,
        target: AsyncConnection,
        metadata: Iterable[sa.MetaData],
        report: Callable[[str], None],
        batch: int,
    ) -> None:
        tables = [table for each in metadata for table in each.sorted_tables]
        self._source = source
        self._target = target
        self._tables = [MovingTable(table) for table in tables]
        self._schemas = sorted({str(table.schema) for table in tables})
        self._report = report
        self._batch = batch
        self._copying = Copying(source, target, self._tables, batch)
        self._comparing = Comparing(source, target, self._tables, self._copying, report)

    async def copy(self) -> None:
        """Copy all rows, and then those that change meanwhile, until less than a batch of changes is left."""
        source, target = await self._states()
        if source is State.MOVED:
            raise MoveRefused("The source is closed already. Run `switch` again.")
        if source is State.ABSENT:
            raise MoveRefused("The source does not have the tables. Check SOURCE_DATABASE_URL.")
        if target is State.ABSENT:
            raise MoveRefused("The target does not have the tables. Run `migrate` first.")
        if target is State.MOVED:
            raise MoveRefused("The target has the old tables of another move. Run its step `finish` first.")
        if target is State.IN_USE:
            await self._prepare_target()
        for moving in self._tables:
            await self._log_changes(moving)
        await self._copying.copy_all()
        await self._catch_up()
        self._report("All rows are copied. Changes are logged until `switch` or `roll-back`.")

    async def switch(self) -> None:
        """Compare both sides, close the source, copy and compare the last changes, and open the target."""
        source, target = await self._states()
        if target is State.IN_USE and source is State.MOVED:
            await self._complete()
            self._report("The tables are in use in the target.")
            return
        if target is not State.ARRIVING:
            raise MoveRefused("Nothing is copied. Run `copy` first.")
        if source is State.IN_USE:
            await self.copy()
            await self._comparing.compare_in_use()
            await self._catch_up()
            await self._rename_source("", MOVED)
        started = time.monotonic()
        while await self._copying.catch_up(MOVED):
            pass
        if different := await self._comparing.differences():
            await self._rename_source(MOVED, "")
            raise MoveRefused(
                f"The source is in use again, because these tables differ: {', '.join(different)}. "
                "Run `roll-back`, and copy again."
            )
        await self._open_target()
        closed = time.monotonic() - started
        await self._complete()
        self._report(
            f"All tables are equal, and in use in the target. No program had them for {closed:.1f} s. "
            "Stop the programs that use the source."
        )

    async def roll_back(self) -> None:
        """Undo the move before the switch: the source stays in use, and the target loses the schemas."""
        source, target = await self._states()
        if source is State.MOVED and target is State.IN_USE:
            raise MoveRefused("The target is in use. Move the tables back with the URLs exchanged.")
        if source is State.MOVED:
            await self._rename_source(MOVED, "")
        if target is State.ARRIVING:
            # Before the logs: without them, rows that changed would stay as they were copied.
            async with self._target.begin():
                await self._drop(self._target)
        for moving in self._tables:
            for statement in server.stop_logging(moving):
                await self._on_source([sa.text(statement)])
            await self._on_source([sa.schema.DropTable(moving.changes, if_exists=True)])
        self._report("The move is undone, and the tables are in use in the source.")

    async def finish(self) -> None:
        """Drop the schemas of the source, which nothing can use since the switch."""
        source, target = await self._states()
        if target is not State.IN_USE or source is State.IN_USE:
            raise MoveRefused("The target is not in use yet. Run `switch` first.")
        await self._drop(self._source)
        self._report(f"Dropped from the source: {', '.join(self._schemas)}.")

    async def _catch_up(self) -> None:
        """Copy the logged changes until less than a batch is left."""
        while await self._copying.catch_up() >= self._batch:
            pass

    async def _states(self) -> tuple[State, State]:
        async with self._target.begin():
            target = await self._state(self._target)
        return await self._state(self._source), target

    async def _state(self, connection: AsyncConnection) -> State:
        tables = sa.table(
            "tables", sa.column("table_schema"), sa.column("table_name"), schema="information_schema"
        )
        found = sa.select(tables.c.table_schema, tables.c.table_name)
        rows = await connection.execute(found.where(tables.c.table_schema.in_(self._schemas)))
        names = {(schema, name) for schema, name in rows}
        for state in (State.IN_USE, State.MOVED, State.ARRIVING):
            of_state = {(each.table.schema, f"{state.value}{each.table.name}") for each in self._tables}
            if of_state <= names:
                return state
        return State.ABSENT

    async def _prepare_target(self) -> None:
        async with self._target.begin():
            for moving in self._tables:
                if (await self._target.execute(sa.select(moving.named("")).limit(1))).first():
                    raise MoveRefused(
                        f"{moving.table.fullname} of the target has rows. Stop the programs that use it, "
                        "and delete the rows."
                    )
            for moving in self._tables:
                await self._target.execute(sa.schema.CreateTable(moving.progress, if_not_exists=True))
                for each in server.detach(moving.table):
                    await self._target.execute(each)
            for statement in server.rename(self._tables, "", ARRIVING):
                await self._target.execute(sa.text(statement))

    async def _open_target(self) -> None:
        async with self._target.begin():
            for statement in server.rename(self._tables, ARRIVING, ""):
                await self._target.execute(sa.text(statement))
            for moving in self._tables:
                for each in server.attach(moving.table):
                    await self._target.execute(each)

    async def _complete(self) -> None:
        """Do what can follow while the tables are in use in the target."""
        async with self._target.begin():
            for moving in self._tables:
                await self._target.execute(sa.schema.DropTable(moving.progress, if_exists=True))
            for moving in self._tables:
                for each in server.validate(moving.table):
                    await self._target.execute(each)

    async def _log_changes(self, moving: MovingTable) -> None:
        log = sa.schema.CreateTable(moving.changes, if_not_exists=True)
        await self._on_source([log, *map(sa.text, server.log_changes(moving))])

    async def _rename_source(self, old: str, new: str) -> None:
        await self._on_source([sa.text(each) for each in server.rename(self._tables, old, new)])

    async def _on_source(self, statements: Sequence[sa.Executable]) -> None:
        """Run the statements in one transaction, as soon as it gets its locks."""
        for attempt in range(_ATTEMPTS):
            await self._source.execute(sa.text("BEGIN"))
            try:
                for statement in statements:
                    await self._source.execute(statement)
            except DBAPIError as error:
                await self._source.execute(sa.text("ROLLBACK"))
                if not (is_timeout(error) or is_conflict(error)):
                    raise
                if attempt == _ATTEMPTS - 1:
                    raise MoveRefused("Transactions of the source are too long. Try again later.") from error
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                await self._source.execute(sa.text("COMMIT"))
                return

    async def _drop(self, connection: AsyncConnection) -> None:
        revisions = [each.id for each in known_revisions(contexts()) if each.context in self._schemas]
        if revisions:
            schema = version_schema(connection.dialect)
            versions = sa.table("alembic_version", sa.column("version_num"), schema=schema)
            await connection.execute(sa.delete(versions).where(versions.c.version_num.in_(revisions)))
        for schema_name in self._schemas:
            await connection.execute(sa.text(server.drop_schema(schema_name)))


@asynccontextmanager
async def moving(
    source: Database,
    target: Database,
    metadata: Iterable[sa.MetaData],
    report: Callable[[str], None] = print,
    batch: int = BATCH,
) -> AsyncIterator[Move]:
    """Yield the move of these contexts; raise `MoveRefused` if another one is running."""
    async with (
        source.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as left,
        target.engine.connect() as arriving,
    ):
        await _begin(left, server.SOURCE_SESSION, "Another move from this source is running.")
        try:
            refusal = "Both URLs lead to the same database, where nothing needs to move."
            await _begin(arriving, server.TARGET_SESSION, refusal)
            yield Move(left, arriving, metadata, report, batch)
        finally:
            # In the pool, the sessions would keep their locks.
            await left.invalidate()
            await arriving.invalidate()


async def _begin(connection: AsyncConnection, session: str, refusal: str) -> None:
    await connection.execute(sa.text(session))
    locked: Any = await connection.scalar(server.try_lock(_LOCK))
    await connection.commit()
    if not locked:
        raise MoveRefused(refusal)
