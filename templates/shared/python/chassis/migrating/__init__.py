"""Migrations of all contexts, run together.

Each context keeps its migrations in `<context>/migrations`, as an Alembic branch named after the context.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from .. import dialect
from ..database import Database

HERE = Path(__file__).parent
_SHOP = __package__.rpartition(".")[0].rpartition(".")[0]
_LOCK = 4_115_112_097


def metadata() -> dict[str, sa.MetaData]:
    """Return the tables of each context that has any."""
    contexts = [folder.name for folder in folders() if (folder / "tables.py").is_file()]
    return {name: import_module(f"{_SHOP}.{name}.tables").metadata for name in contexts}


def folders() -> list[Path]:
    """Return the folder of each context that has migrations, anywhere on the Python path."""
    # A namespace package lists a folder once for each time that it is on the Python path.
    roots = {Path(root).resolve() for root in import_module(_SHOP).__path__}
    found = (path.parent for root in roots for path in root.glob("*/migrations"))
    return sorted(found, key=lambda folder: folder.name)


async def upgrade(database: Database, target: str = "heads") -> None:
    """Migrate the tables of all contexts to `target`. Concurrent processes take turns."""
    await _run(database, command.upgrade, target)


async def downgrade(database: Database, target: str = "base") -> None:
    """Migrate the tables down to `target`, such as `catalog@base`, or `base` for all contexts."""
    await _run(database, command.downgrade, target)


def new_revision(context: str, message: str) -> Path:
    """Write an empty migration that follows the newest one of `context`, and return its path."""
    versions = next(folder for folder in folders() if folder.name == context) / "migrations"
    number = 1 + len(list(versions.glob("[0-9]*.py")))
    config = configuration()
    config.set_main_option("file_template", f"{number:04}_%%(slug)s")
    command.revision(
        config,
        message,
        head=f"{context}@head",
        rev_id=f"{context}_{number:04}",
        version_path=str(versions),
    )
    return next(versions.glob(f"{number:04}_*.py"))


def configuration() -> Config:
    """Return Alembic's configuration, which needs no file."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(folder / "migrations") for folder in folders()))
    return config


async def _run(database: Database, action: Any, target: str) -> None:
    schemas = list(metadata())

    def migrate(connection: sa.Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        with _server_prepared(connection, schemas):
            action(config, target)

    async with database.engine.begin() as connection:
        await connection.run_sync(migrate)


@contextmanager
def _server_prepared(connection: sa.Connection, schemas: list[str]) -> Iterator[None]:
    """Lock out other migrations and create the schemas; SQLite needs neither."""
    if connection.dialect.name == "sqlite":
        yield
        return
    dialect.lock(connection, _LOCK)
    for schema in schemas:
        quoted = connection.dialect.identifier_preparer.quote(schema)
        connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {quoted}{dialect.SCHEMA_OPTIONS}"))
    yield
    dialect.unlock(connection, _LOCK)
