"""JSONB is read and written as Python objects."""

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ..db.connections import prepared
from ..db.database import Database

CONTENT = {"a": [1]}


@pytest.mark.parametrize("expression", [sa.literal(CONTENT, JSONB), sa.cast(CONTENT, JSONB)])
async def test_jsonb(expression: sa.ColumnElement[object], database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("TEST_DATABASE_URL names no server")
    async with database.reading() as connection:
        for statement in (sa.select(expression), prepared(sa.select(expression))):
            assert await connection.scalar(statement) == CONTENT
