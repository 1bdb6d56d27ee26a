"""Test that the shop deletes expired rows while it runs."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from ...chassis.clock import now
from ...chassis.database import Database
from ...chassis.ids import first_id_at, new_id
from ...notifications.tables import message
from ..wiring import Shop


async def test_old_messages_are_deleted(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that is older than a year is deleted, a newer one is kept."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SIGNING_KEYS", "A" * 43)
    monkeypatch.setenv("OIDC_ISSUER", "http://127.0.0.1:9")
    monkeypatch.setenv("OIDC_AUDIENCE", "shop")
    old, new = first_id_at(now() - timedelta(days=366)), first_id_at(now() - timedelta(days=364))
    values = {
        **dict.fromkeys(("event_id", "user_id", "order_id"), new_id()),
        "about": "OrderConfirmed",
        "text": "Your order is confirmed.",
        "created_at": now(),
    }
    async with database.transaction() as transaction:
        await transaction.execute(sa.insert(message), [values | {"id": each} for each in (old, new)])
    async with Shop().running(), asyncio.timeout(30):
        while old in (left := await ids(database)):
            await asyncio.sleep(0.02)
    assert left == {new}


async def ids(database: Database) -> set[object]:
    """Return the ids of all messages."""
    async with database.reading() as connection:
        return {row.id for row in await connection.execute(sa.select(message.c.id))}
