"""A migration more than a generated project has, as in its next release."""

import re
from pathlib import Path

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    op.drop_table("later")
"""


def add_migration(migrations: Path) -> None:
    """Add a migration to a context, after its last one."""
    (head,) = re.findall(r'(?m)^revision = "(.*)"$', max(migrations.glob("0*.py")).read_text())
    (migrations / "0099_next.py").write_text(MIGRATION.format(head=head))
