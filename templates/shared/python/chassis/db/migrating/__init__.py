"""Migrations of all contexts, run together.

Each context keeps its migrations in `<context>/migrations`, as an Alembic branch named after the context.
While they run, the context's schema is the default, so migrations name no schema and work on every database.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

from ...project import PACKAGE
from ..database import Database
from ..schema import contexts as contexts
from ..schema import known_revisions, missing, version_schema
from .session import exclusive, set_schema

HERE = Path(__file__).parent


def metadata() -> dict[str, sa.MetaData]:
    """Return the tables of each context that has any."""
    names = [name for name, folder in contexts().items() if (folder / "tables.py").is_file()]
    return {name: import_module(f"{PACKAGE}.{name}.tables").metadata for name in names}


async def upgrade(database: Database, target: str = "heads") -> None:
    """Migrate the tables up to `target`: a revision, or `heads` for all contexts. Processes take turns.

    With `heads`, a database that a newer release has migrated stays as it is.
    """
    await run(database, lambda session: session.upgrade(target))


async def downgrade(database: Database, target: str = "base") -> None:
    """Migrate the tables down to `target`: `base` for all contexts, or for one, such as `catalog@base`."""
    await run(database, lambda session: session.downgrade(target))


async def run(database: Database, work: Callable[["Session"], None]) -> None:
    """Call `work` while no other process migrates the database; if it fails, roll back what can be."""

    def migrate(connection: sa.Connection) -> None:
        with exclusive(connection, list(contexts())):
            work(Session(connection))

    async with database.engine.connect() as connection:
        await connection.run_sync(migrate)


class Session:
    """Runs Alembic's commands on one connection, each with the schema of its context as the default."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.config = Config()
        self.config.set_main_option("script_location", str(HERE).replace("%", "%%"))
        self.config.set_main_option("path_separator", "newline")
        locations = [str(folder / "migrations") for folder in contexts().values()]
        # The configuration treats % as the start of a variable.
        self.config.set_main_option("version_locations", "\n".join(locations).replace("%", "%%"))
        self.scripts = ScriptDirectory.from_config(self.config)
        self.options: dict[str, Any] = {
            "connection": connection,
            # Not a context's schema: Alembic has one table of versions for all contexts.
            "version_table_schema": version_schema(connection.dialect),
        }
        self.config.attributes["options"] = self.options
        self.config.attributes["known"] = {each.revision for each in self.scripts.walk_revisions()}

    def upgrade(self, target: str = "heads") -> None:
        """Migrate up to a revision, or all contexts to their newest."""
        for each in self._newest() if target == "heads" else [target]:
            self._run(command.upgrade, each)

    def downgrade(self, target: str) -> None:
        """Migrate down to a revision, or all contexts to `base`."""
        bases = [f"{base}@base" for base in reversed(self.scripts.get_bases())]
        for each in bases if target == "base" else [target]:
            self._run(command.downgrade, each)

    def heads(self, context: str) -> list[str]:
        """Return the newest revisions of a context: one, unless two developers added one each."""
        scripts = self.scripts.walk_revisions()
        return [each.revision for each in scripts if each.is_head and context_of(each) == context]

    def _newest(self) -> Iterator[str]:
        """Yield the revisions to upgrade to in turn, so that each one runs in the schema of its context."""
        rows = MigrationContext.configure(self.connection, opts=self.options).get_current_heads()
        needed = missing(known_revisions(contexts()), rows)
        pending = [each for each in self.scripts.walk_revisions() if each.revision in needed]
        for _, group in groupby(reversed(pending), key=context_of):
            scripts = list(group)
            names = {each.revision for each in scripts}
            yield from (each.revision for each in scripts if each.nextrev.isdisjoint(names))

    def _run(self, action: Callable[[Config, str], None], target: str) -> None:
        script = self.scripts.get_revision(target.partition("@")[0])
        assert script is not None
        set_schema(self.connection, context_of(script))
        action(self.config, target)


def context_of(script: Script) -> str:
    """Return the name of the context that a migration belongs to."""
    return Path(script.path).parent.parent.name
