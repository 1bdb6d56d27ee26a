"""The Alembic environment: runs each command with the options that it is given."""

from alembic import context

context.configure(**context.config.attributes["options"])
with context.begin_transaction():
    context.run_migrations()
