"""Fold the names of products again: it no longer matters how their accents are encoded."""

from collections.abc import Callable, Iterator
from typing import Any
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "catalog_0004"
down_revision = "catalog_0003"
branch_labels = None
depends_on = None

_BATCH = 500
_product = sa.table(
    "product",
    sa.column("sku", sa.String),
    sa.column("name", sa.String),
    sa.column("folded_name", sa.String),
)
_trigram = sa.table("product_trigram", sa.column("trigram", sa.String), sa.column("sku", sa.String))


def upgrade() -> None:
    """Fold the names. Processes of the version before fold those that they change in their own way."""
    _fold(lambda name: normalize("NFC", normalize("NFD", name).casefold()))


def downgrade() -> None:
    """Fold the names as before."""
    _fold(str.casefold)


def _fold(folded: Callable[[str], str]) -> None:
    connection = op.get_bind()
    for row in _rows():
        name = folded(row.name)
        if name == row.folded_name:
            continue
        same = sa.and_(_product.c.sku == row.sku, _product.c.folded_name == row.folded_name)
        # A process that serves may have changed the name since it was read.
        if connection.execute(sa.update(_product).where(same).values(folded_name=name)).rowcount:
            _index(row.sku, _trigrams(row.folded_name), _trigrams(name))


def _rows() -> Iterator[sa.Row[Any]]:
    after = ""
    while True:
        some = sa.select(_product).where(_product.c.sku > after).order_by(_product.c.sku).limit(_BATCH)
        rows = op.get_bind().execute(some).all()
        if not rows:
            return
        yield from rows
        after = rows[-1].sku


def _index(sku: str, old: set[str], new: set[str]) -> None:
    connection = op.get_bind()
    if removed := old - new:
        entries = sa.and_(_trigram.c.trigram.in_(removed), _trigram.c.sku == sku)
        connection.execute(sa.delete(_trigram).where(entries))
    if added := new - old:
        op.bulk_insert(_trigram, [{"trigram": each, "sku": sku} for each in added])


def _trigrams(name: str) -> set[str]:
    return {word[start : start + 3] for word in name.split() for start in range(len(word) - 2)}
