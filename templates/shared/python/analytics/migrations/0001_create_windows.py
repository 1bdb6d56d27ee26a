"""Create the tables of progress and buckets."""

import sqlalchemy as sa
from alembic import op

revision = "analytics_0001"
down_revision = None
branch_labels = ("analytics",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "progress",
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("partition", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition", name=op.f("pk_progress")),
    )
    op.create_table(
        "bucket",
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("partition", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("minute", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("data", sa.LargeBinary(16_777_215), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition", "minute", name=op.f("pk_bucket")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("bucket")
    op.drop_table("progress")
