"""Create the saga table."""

import sqlalchemy as sa
from alembic import op

revision = "sagas_0001"
down_revision = None
branch_labels = ("sagas",)
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "saga",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("deadline", sa.DateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("obstacle", sa.String(500)),
        sa.Column("claim", sa.Uuid, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_saga")),
    )
    op.create_index(op.f("ix_saga_due_at"), "saga", ["due_at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("saga")
