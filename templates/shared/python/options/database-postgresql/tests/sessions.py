"""The session that a connection has on the server."""

import sqlalchemy as sa

ID = sa.text("SELECT pg_backend_pid()")


def end(number: int) -> sa.TextClause:
    """Return the statement that ends the session with the ID `number`."""
    return sa.text(f"SELECT pg_terminate_backend({number})")
