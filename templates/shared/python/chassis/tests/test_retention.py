"""Tests of retention."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from ..clock import now
from ..db import retention
from ..db.database import Database, schema_of
from ..db.retention import Retention, RetentionSettings, Rule, id_before
from ..ids import first_id_at, new_id
from ..tasks import cancel
from ..testing import create_tables

metadata = schema_of("shelf")
slip = sa.Table(
    "slip",
    metadata,
    sa.Column("owner", sa.String(20), primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
)
note = sa.Table("note", metadata, sa.Column("id", sa.Uuid, primary_key=True))
RULES = [
    Rule(slip, lambda keep: slip.c.id < id_before(keep.keep_inbox_days)),
    Rule(note, lambda keep: note.c.id < id_before(keep.keep_messages_days)),
]


def id_at(time: datetime) -> UUID:
    """Return an id as `new_id` would have returned it then."""
    return UUID(int=first_id_at(time).int | new_id().int & (1 << 62) - 1)


@pytest.fixture(autouse=True)
async def _tables(database: Database) -> None:
    await create_tables(database, metadata)


async def left(database: Database, table: sa.Table) -> set[UUID]:
    """Return the ids in the table."""
    async with database.reading() as connection:
        return {row.id for row in await connection.execute(sa.select(table.c.id))}


async def test_only_expired_rows_are_deleted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    ages = [0, 5, 6, 9, 12, 20, 40, 41]
    ids = [id_at(now() - timedelta(days=age, minutes=1)) for age in ages]
    async with database.transaction() as transaction:
        await transaction.execute(sa.insert(slip), [{"owner": "a", "id": each} for each in ids])
        await transaction.execute(sa.insert(note), [{"id": each} for each in ids])
    settings = RetentionSettings(keep_inbox_days=6, keep_messages_days=40)
    assert await Retention(database, settings, RULES).delete_expired() == 6 + 2
    assert await left(database, slip) == set(ids[:2])
    assert await left(database, note) == set(ids[:6])


async def test_several_processes_share_the_work(
    connect: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    first, second = connect(), connect()
    old = [id_at(now() - timedelta(days=400)) for _ in range(200)]
    async with first.transaction() as transaction:
        await transaction.execute(sa.insert(note), [{"id": each} for each in old])
    workers = [Retention(database, RetentionSettings(), RULES) for database in (first, second)]
    assert sum(await asyncio.gather(*(worker.delete_expired() for worker in workers))) == 200
    assert await left(first, note) == set()


async def test_a_failure_is_logged_and_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retention, "INTERVAL_SECONDS", 0.01)
    calls = 0

    def expired(_: RetentionSettings) -> sa.ColumnElement[bool]:
        nonlocal calls
        calls += 1
        raise ConnectionError("down")

    running = asyncio.create_task(Retention(database, RetentionSettings(), [Rule(note, expired)]).run())
    while calls < 2:
        await asyncio.sleep(0.01)
    await cancel(running)
    assert "Deleting expired rows failed" in caplog.text


def test_ids_are_ordered_by_time() -> None:
    assert first_id_at(now() - timedelta(seconds=1)) < new_id() < first_id_at(now() + timedelta(seconds=1))
    assert (new_id().version, first_id_at(now()).version) == (7, 7)
