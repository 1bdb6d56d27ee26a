"""The Alembic environment: runs each command with the options that it is given."""

from alembic import context

context.configure(**context.config.attributes["options"])
migrations = context.get_context()
stored_heads = migrations.get_current_heads


def known_heads() -> tuple[str, ...]:
    """Return the newest migrations of the contexts that this code has; others may share the database."""
    return tuple(each for each in stored_heads() if each in context.config.attributes["known"])


# Alembic refuses to migrate a database with a migration that it does not know.
migrations.get_current_heads = known_heads  # type: ignore[method-assign]
with context.begin_transaction():
    context.run_migrations()
