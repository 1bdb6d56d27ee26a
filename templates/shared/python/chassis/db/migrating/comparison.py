"""Comparison of the tables that the code defines with the tables of a database."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from .. import migrating
from ..database import NAMES

_NO_SCHEMA: Any = None
_BLANK: Any = sa.BLANK_SCHEMA


def differences(connection: sa.Connection) -> list[Any]:
    """Return what differs between the tables of all contexts and those of the migrated database."""
    everything = migrating.metadata()
    embedded = connection.dialect.name == "sqlite"
    options = comparison(everything) | {"include_schemas": not embedded}
    expected = copied(everything.values(), schemas=not embedded)
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), expected))


def comparison(contexts: Iterable[str]) -> dict[str, Any]:
    """Return Alembic's options for comparing the tables of `contexts`, the schemas."""
    schemas = {None, *contexts}

    def include_name(name: str | None, kind: str, _: Any) -> bool:
        return name in schemas if kind == "schema" else name != "alembic_version"

    return {
        "compare_type": _types_differ,
        "compare_server_default": _defaults_differ,
        "include_name": include_name,
        # Without the second, CHECK constraints are not compared.
        "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
    }


def copied(contexts: Iterable[sa.MetaData], *, schemas: bool) -> sa.MetaData:
    """Return copies of the contexts' tables in one metadata, with or without their schemas."""
    copies = sa.MetaData(naming_convention=NAMES)
    for context in contexts:
        for table in context.sorted_tables:
            if schemas:
                table.to_metadata(copies)
            else:
                table.to_metadata(copies, schema=_NO_SCHEMA, referred_schema_fn=lambda *_: _BLANK)
    return copies


def _types_differ(_: Any, __: Any, ___: Any, found: sa.types.TypeEngine[Any], expected: Any) -> bool | None:
    # A database may choose the smallest type of blob that holds the length.
    return False if isinstance(expected, sa.LargeBinary) and found.python_type is bytes else None


def _defaults_differ(context: Any, _: Any, __: Any, found: Any, expected: Any, ___: Any) -> bool | None:
    # Servers rewrite the text of a default, so compare it only where it is kept.
    if (found is None) != (expected is None):
        return True
    return None if context.dialect.name == "sqlite" else False
