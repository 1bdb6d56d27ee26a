"""Search for a part of a product's name, by an index of the trigrams of its words.

The database finds the products with the rarest trigram of the query, and compares only their names with it. A
query without a trigram, or with frequent ones only, is compared with all names, in the order of the list.
"""

import re
from functools import cache
from typing import Any

import sqlalchemy as sa

from chassis.db.connections import Connection
from chassis.db.lists import with_list

from .tables import product, product_trigram

# How many trigrams of a query are counted, and up to which number: all that are more frequent are alike.
CANDIDATES = 8
ENOUGH = 1000
_WITH_TRIGRAM = product_trigram.c.trigram == sa.bindparam("trigram")
_PATTERN = sa.bindparam("pattern", type_=sa.String)
_NAME_HAS = product.c.folded_name.like(_PATTERN, escape="!")
_indexed = product.alias("indexed")
# A subquery, so that each name is looked up by its SKU. As a condition of a join, a planner may compare all
# names instead, because it takes a trigram that is rare for an average one.
_INDEXED_NAME_HAS = (
    sa.select(_indexed.c.folded_name)
    .where(_indexed.c.sku == product_trigram.c.sku)
    .scalar_subquery()
    .like(_PATTERN, escape="!")
)
_ADD = sa.insert(product_trigram)
_remove = with_list(
    product_trigram.c.trigram,
    lambda one_of: sa.delete(product_trigram).where(one_of, product_trigram.c.sku == sa.bindparam("of_sku")),
)


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


async def rarest_trigram(connection: Connection, name: str) -> str | None:
    """Return the trigram of `name`, folded, that the fewest products have.

    None if it has no trigram, or if `ENOUGH` products have each: they fill a page soon, without the index.
    """
    found = trigrams(name)
    # From all over the name: neighbors are mostly in the same products.
    some = found[:: -(-len(found) // CANDIDATES) or 1]
    if not some:
        return None
    values = {_parameter(number): trigram for number, trigram in enumerate(some)}
    counts = (await connection.execute(_counting(len(some)), values)).one()
    count, rarest = min(zip(counts, some, strict=True))
    return rarest if count < ENOUGH else None


def matching(
    columns: sa.Select[Any], name: str | None, trigram: str | None, after: str
) -> tuple[sa.Select[Any], dict[str, Any]]:
    """Return the statement, and its parameters, for the products by SKU that follow `after`.

    Their folded names contain `name`, if that is given, of which `trigram` is a part.
    """
    values: dict[str, Any] = {"after": after}
    sku = product.c.sku
    if name is not None:
        columns = columns.where(_NAME_HAS if trigram is None else _INDEXED_NAME_HAS)
        values["pattern"] = "%" + re.sub("([!%_])", r"!\1", name) + "%"
    if trigram is not None:
        # The index has the order of the list, so the database can stop at the end of the page.
        sku = product_trigram.c.sku
        columns = columns.join(product_trigram, sku == product.c.sku).where(_WITH_TRIGRAM)
        values["trigram"] = trigram
    return columns.where(sku > sa.bindparam("after")).order_by(sku), values


@cache
def _counting(number: int) -> sa.Executable:
    """Return the statement that counts, up to `ENOUGH` each, the products with each of so many trigrams."""
    return sa.select(*(_count(_parameter(each)) for each in range(number)))


def _count(parameter: str) -> sa.ScalarSelect[int]:
    found = sa.select(product_trigram.c.sku).where(product_trigram.c.trigram == sa.bindparam(parameter))
    return sa.select(sa.func.count()).select_from(found.limit(ENOUGH).subquery()).scalar_subquery()


def _parameter(number: int) -> str:
    return f"trigram_{number}"
