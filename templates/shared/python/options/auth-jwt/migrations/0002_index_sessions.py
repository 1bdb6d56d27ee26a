"""Add an index to the sessions table, by which expired rows are deleted."""

from alembic import op

revision = "identity_0002"
down_revision = "identity_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index(op.f("ix_sessions_expires_at"), "sessions")
