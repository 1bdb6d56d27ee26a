"""Names of messaging tables, of which several contexts of one service have the same."""

import sqlalchemy as sa

from chassis.db.database import DatabaseSettings


def table_name(context: str, name: str) -> str:
    """Return the name of the table `name` of a context, with a prefix in the embedded database.

    On a server, each context has a schema, so a table has the same name whichever contexts are beside it, and
    keeps it when its context moves to another service.
    """
    url = sa.make_url(DatabaseSettings().database_url)
    return f"{context}_{name}" if url.get_backend_name() == "sqlite" else name
