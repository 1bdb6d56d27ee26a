"""Tests of the background work that every service has."""

import asyncio
from typing import cast

import pytest
import sqlalchemy as sa

from ...auth.access import Access
from ...db import retention
from ...db.database import Database, DatabaseSettings
from ...db.retention import RetentionSettings, Rule
from ..service import Service


class NoAccess:
    """Access that nobody uses."""

    verifier = None

    async def start(self) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""

    async def ping(self) -> None:
        """Do nothing."""


async def test_expired_rows_are_deleted_while_a_service_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules of the service's tables are applied as soon as it runs."""
    applied = asyncio.Event()

    def expired(_: RetentionSettings) -> sa.ColumnElement[bool]:
        applied.set()
        return sa.false()

    table = sa.Table("slip", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
    monkeypatch.setattr(retention, "RULES", [Rule(table, expired)])
    database = Database(DatabaseSettings(database_url="sqlite+aiosqlite://"))
    service = Service("Example", cast("Access", NoAccess()), [], database=database)
    async with service.running(), asyncio.timeout(30):
        await applied.wait()
