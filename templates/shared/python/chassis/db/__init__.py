"""The database: connections, statements, migrations and retention."""
