"""Reading a database as of one moment, for the audit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from chassis.db.connections import Connection
from chassis.db.database import Database


@asynccontextmanager
async def one_moment(database: Database) -> AsyncIterator[Connection]:
    """Yield a connection whose statements all see the database as of the same moment."""
    if database.engine.dialect.name == "sqlite":
        # It has one writer, and transactions of this process wait for each other in the shop's own queue.
        async with database.transaction() as transaction:
            yield transaction
        return
    # Without a pool, because an audit often follows a restart of the server.
    engine = create_async_engine(database.engine.url, isolation_level="REPEATABLE READ", poolclass=NullPool)
    async with engine.begin() as connection:
        yield cast(Connection, connection)
