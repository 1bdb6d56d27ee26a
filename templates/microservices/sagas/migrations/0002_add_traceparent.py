"""Add the trace context to sagas."""

import sqlalchemy as sa
from alembic import op

revision = "sagas_0002"
down_revision = "sagas_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; open sagas have none, and start a new trace when they are resumed."""
    op.add_column("saga", sa.Column("traceparent", sa.String(55)))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("saga", "traceparent")
