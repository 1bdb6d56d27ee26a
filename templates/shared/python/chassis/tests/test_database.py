"""Tests of the number of database connections."""

import pytest
import sqlalchemy as sa

from ..db import database, dialect
from ..db.database import Database, DatabaseSettings


def test_a_process_opens_one_connection_more_than_its_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deployment's connection limit counts it, and one for the audit."""
    sizes = []

    def open_connections(_url: sa.URL, size: int) -> None:
        sizes.append(size)

    monkeypatch.setattr(dialect, "open_connections", open_connections)
    monkeypatch.setattr(database, "create_async_engine", lambda *_, **__: None)
    Database(DatabaseSettings(database_url=f"{dialect.DRIVER}://host/shop", database_pool_size=7))
    assert sorted(sizes) == [1, 7]
