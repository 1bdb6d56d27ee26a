"""Create the product_trigram table, by which searches find products, for those that exist as well."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "catalog_0003"
down_revision = "catalog_0002"
branch_labels = None
depends_on = None

_BATCH = 500


def upgrade() -> None:
    """Create and fill the table. Processes of the version before do not keep it up to date."""
    table = op.create_table(
        "product_trigram",
        sa.Column("trigram", sa.String(3), nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("trigram", "sku", name=op.f("pk_product_trigram")),
    )
    for names in _batches():
        rows = [{"trigram": each, "sku": sku} for sku, name in names for each in _trigrams(name)]
        if rows:
            op.bulk_insert(table, rows)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("product_trigram")


def _batches() -> Iterator[list[tuple[str, str]]]:
    product = sa.table("product", sa.column("sku", sa.String), sa.column("folded_name", sa.String))
    after = ""
    while True:
        some = sa.select(product.c.sku, product.c.folded_name).where(product.c.sku > after)
        rows = op.get_bind().execute(some.order_by(product.c.sku).limit(_BATCH)).all()
        if not rows:
            return
        yield [(row.sku, row.folded_name) for row in rows]
        after = rows[-1].sku


def _trigrams(name: str) -> set[str]:
    return {word[start : start + 3] for word in name.split() for start in range(len(word) - 2)}
