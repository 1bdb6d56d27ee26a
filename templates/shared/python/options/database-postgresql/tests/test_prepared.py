"""Tests of which marked statements asyncpg runs directly; test_parity.py compares their results."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from ..db import prepared as module
from ..db.columns import UtcDateTime
from ..db.connections import prepared

row = sa.Table(
    "row",
    sa.MetaData(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("units", sa.BigInteger, nullable=False),
    sa.Column("at", UtcDateTime),
    sa.Column("data", sa.JSON),
    sa.Column("computed", sa.Integer, default=lambda: 1),
)
ID = {"wanted": UUID(int=1)}
BY_ID = row.c.id == sa.bindparam("wanted", type_=sa.Uuid)
ROW = {"id": UUID(int=1), "units": 1, "computed": 2}


def find(statement: Any, parameters: Any) -> module.PreparedStatement | None:
    """Return what asyncpg would run."""
    return module.find(statement, parameters, dialect())  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (sa.select(row.c.id, row.c.at, (row.c.units + 1).label("more")).where(BY_ID), ID),
        (row.insert(), ROW),
        (row.insert(), [ROW, ROW]),
        (row.update().where(BY_ID, row.c.units > 3).values(units=row.c.units - 3, computed=1), ID),
        (row.delete().where(BY_ID), ID),
    ],
)
def test_marked_statements_run_directly(statement: Any, parameters: Any) -> None:
    """A statement whose values and types need only their own conversion is prepared, if it is marked."""
    assert find(prepared(statement), parameters) is not None
    assert find(statement, parameters) is None


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (sa.text("SELECT 1"), None),
        (sa.select(row.c.data), None),
        (sa.select(sa.func.count()).select_from(row), None),
        (sa.select(row.c.id, row.alias().c.id), None),
        (sa.select(row.c.id).where(row.c.units.in_([1, 2])), None),
        (sa.select(row.c.id).where(BY_ID), None),
        (row.insert(), {"id": UUID(int=1), "units": 1}),
        (row.insert().returning(row.c.id), ROW),
    ],
)
def test_other_statements_go_through_sqlalchemy(statement: Any, parameters: Any) -> None:
    """JSON, IN, defaults computed in Python, RETURNING, text and missing values need SQLAlchemy."""
    assert find(prepared(statement), parameters) is None
