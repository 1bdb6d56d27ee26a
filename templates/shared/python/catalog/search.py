"""Search for a part of a product's name, by an index of the trigrams of its words.

The database finds the products with some trigrams of the query, and compares only their names with it. A query
without a trigram is compared with all names, in the order of the list.
"""

import re
from typing import Any

import sqlalchemy as sa

from ..chassis.connections import Connection
from ..chassis.lists import with_list
from .tables import product, product_trigram

# More would rarely exclude another product, and each is one more join.
MAX_TRIGRAMS = 4
_NAME_HAS = product.c.folded_name.like(sa.bindparam("pattern"), escape="!")
_INDEXES = [product_trigram.alias(f"trigram_{number}") for number in range(MAX_TRIGRAMS)]
_ADD = sa.insert(product_trigram)
_remove = with_list(
    product_trigram.c.trigram,
    lambda one_of: sa.delete(product_trigram).where(one_of, product_trigram.c.sku == sa.bindparam("of_sku")),
)


def folded(text: str) -> str:
    """Return the text in one case; databases disagree on which letters are equal."""
    return text.casefold()


def trigrams(name: str) -> list[str]:
    """Return the sequences of three characters within the words of a folded name, each once."""
    found = (word[start : start + 3] for word in name.split() for start in range(len(word) - 2))
    return list(dict.fromkeys(found))


async def index_name(transaction: Connection, sku: str, name: str, old_name: str = "") -> None:
    """Change the index from a product's old folded name to its new one."""
    old, new = trigrams(old_name), trigrams(name)
    if removed := set(old).difference(new):
        statement, values = _remove(removed)
        await transaction.execute(statement, {**values, "of_sku": sku})
    if added := [{"trigram": each, "sku": sku} for each in new if each not in old]:
        await transaction.execute(_ADD, added)


def matching(columns: sa.Select[Any], q: str | None, after: str) -> tuple[sa.Select[Any], dict[str, Any]]:
    """Return the statement for products with `q` in their name, in the order of their SKUs, which follow `after`.

    Its parameters are returned, too.
    """
    values: dict[str, Any] = {"after": after}
    sku = product.c.sku
    if q is not None:
        name = folded(q)
        columns = columns.where(_NAME_HAS)
        values["pattern"] = "%" + re.sub("([!%_])", r"!\1", name) + "%"
        for index, trigram in zip(_INDEXES, _selected(trigrams(name)), strict=False):
            same = index.c.sku == product.c.sku
            columns = columns.join(index, sa.and_(same, index.c.trigram == sa.bindparam(index.name)))
            values[index.name] = trigram
            # The index has the order of the list, so the database can stop at the end of the page.
            sku = _INDEXES[0].c.sku
    return columns.where(sku > sa.bindparam("after")).order_by(sku), values


def _selected(found: list[str]) -> list[str]:
    # From all over the query: neighbors are mostly in the same names.
    return found[:: -(-len(found) // MAX_TRIGRAMS) or 1]
