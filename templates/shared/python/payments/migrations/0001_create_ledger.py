"""Create the wallet, ledger_entry and top_up tables."""

import sqlalchemy as sa
from alembic import op

revision = "payments_0001"
down_revision = None
branch_labels = ("payments",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "wallet",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("balance", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_wallet")),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_wallet_balance")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("reference", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("account", sa.Uuid, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint(
            "reference", "kind", "account", name=op.f("uq_ledger_entry_reference_kind_account")
        ),
    )
    op.create_table(
        "top_up",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("admin_id", sa.Uuid, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("balance", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_top_up")),
        sa.UniqueConstraint("admin_id", "key", name=op.f("uq_top_up_admin_id_key")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("top_up")
    op.drop_table("ledger_entry")
    op.drop_table("wallet")
