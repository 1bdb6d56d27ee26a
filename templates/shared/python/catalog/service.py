"""Catalog service: reads go through the cache; changes and prices for orders use the database."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database
from chassis.db.lists import with_list
from chassis.folding import folded
from chassis.http.paging import decode_cursor, page_of
from chassis.http.problems import Conflict, NotFound, Problem
from chassis.http.requests import SKU
from chassis.money import Money

from .domain import Product
from .ports import Cache
from .search import index_name, matching, rarest_trigram
from .tables import product

_LISTS = "products"
_COLUMNS: tuple[sa.Column[Any], ...] = (
    product.c.sku,
    product.c.name,
    product.c.description,
    product.c.category,
    product.c.price,
    product.c.version,
)
_ONE = sa.select(*_COLUMNS).where(product.c.sku == sa.bindparam("sku"))
_some = with_list(product.c.sku, sa.select(*_COLUMNS).where)
_prices = with_list(product.c.sku, sa.select(product.c.sku, product.c.price).where)
_IN_CATEGORY = sa.and_(
    product.c.category == sa.bindparam("category"),
    # Some databases ignore trailing spaces when they compare texts.
    sa.func.char_length(product.c.category) == sa.bindparam("category_length"),
)
# Locked, because its index entries change together with it.
_OLD_NAME = sa.select(product.c.folded_name).where(product.c.sku == sa.bindparam("sku")).with_for_update()


class Catalog:
    """All products of the shop, priced in its one currency."""

    def __init__(self, database: Database, cache: Cache, currency: str) -> None:
        self._database = database
        self._cache = cache
        self._currency = currency

    async def product(self, sku: str) -> bytes:
        """Return the product as JSON; raise `NotFound` for an unknown SKU."""

        async def load() -> bytes | None:
            found = await self.find([sku])
            return msgspec.json.encode(found[sku]) if found else None

        body = await self._cache.fetch(_group(sku), sku, load)
        if body is None:
            raise _unknown(sku)
        return body

    async def page(self, q: str | None, category: str | None, cursor: str | None, limit: int) -> bytes:
        """Return a page of products by SKU, as JSON: those in `category` with `q` in their name."""
        after = _after(cursor) if cursor is not None else ""

        async def load() -> bytes:
            return await self._page(q, category, after, limit)

        # Searches rarely repeat; caching them would evict entries that are read again.
        if q is not None:
            return await load()
        key = msgspec.json.encode((category, after, limit)).decode()
        return await self._cache.fetch(_LISTS, key, load) or await load()

    async def _page(self, q: str | None, category: str | None, after: str, limit: int) -> bytes:
        name = folded(q) if q is not None else None
        async with self._database.reading() as connection:
            trigram = await rarest_trigram(connection, name) if name else None
            statement, values = matching(sa.select(*_COLUMNS), name, trigram, after)
            if category is not None:
                statement = statement.where(_IN_CATEGORY)
                values |= {"category": category, "category_length": len(category)}
            statement = statement.limit(sa.bindparam("limit"))
            rows = await connection.execute(statement, {**values, "limit": limit + 1})
        products = [self._product(row) for row in rows]
        return msgspec.json.encode(page_of(products, limit, lambda each: each.sku))

    async def find(self, skus: Collection[str]) -> dict[str, Product]:
        """Return the products among `skus` that exist, read from the database."""
        async with self._database.reading() as connection:
            rows = await connection.execute(*_some(skus))
        return {row.sku: self._product(row) for row in rows}

    async def prices(self, skus: Collection[str]) -> dict[str, Money]:
        """Return the last committed price of each of `skus` that exists."""
        async with self._database.reading() as connection:
            rows = await connection.execute(*_prices(skus))
        return {row.sku: Money(row.price, self._currency) for row in rows}

    @retry_conflicts
    async def create(self, new: Product) -> None:
        """Add a product; raise `Conflict` if its SKU is taken."""
        values = {
            "sku": new.sku,
            "version": new.version,
            **_stored(
                {
                    "name": new.name,
                    "description": new.description,
                    "category": new.category,
                    "price": new.price.amount,
                }
            ),
        }
        try:
            async with self._database.transaction() as transaction:
                await transaction.execute(sa.insert(product), values)
                await index_name(transaction, new.sku, values["folded_name"])
        except IntegrityError as error:
            raise Conflict("sku-taken", f"A product with the SKU {new.sku} already exists.") from error
        await self._cache.invalidate(_group(new.sku), _LISTS)

    @retry_conflicts
    async def change(
        self, sku: str, changes: Mapping[str, Any], versions: Collection[int] | None = None
    ) -> Product:
        """Change any of name, description, category and price (minor units) and return the new version.

        If `versions` is given, the current version must be one of them; otherwise raise `version-mismatch`.
        """
        statement = sa.update(product).where(product.c.sku == sku)
        if versions is not None:
            statement = statement.where(product.c.version.in_(versions))
        stored = _stored(changes)
        statement = statement.values(version=product.c.version + 1, **stored)
        async with self._database.transaction() as transaction:
            old_name = await transaction.scalar(_OLD_NAME, {"sku": sku})
            changed = (await transaction.execute(statement)).rowcount
            if changed and "name" in changes:
                await index_name(transaction, sku, stored["folded_name"], old_name)
            row = (await transaction.execute(_ONE, {"sku": sku})).one_or_none()
        if row is None:
            raise _unknown(sku)
        if not changed:
            detail = f"The product has changed; it is now at version {row.version}."
            raise Problem(412, "version-mismatch", detail)
        await self._cache.invalidate(_group(sku), _LISTS)
        return self._product(row)

    def _product(self, row: sa.Row[*tuple[Any, ...]]) -> Product:
        price = Money(row.price, self._currency)
        return Product(row.sku, row.name, row.description, row.category, price, row.version)


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    name = values.get("name")
    return {**values, "folded_name": folded(name)} if name is not None else dict(values)


def _after(cursor: str) -> str:
    sku = decode_cursor(cursor)
    if SKU.fullmatch(sku) is None:
        raise Problem(400, "bad-cursor", "Invalid cursor. Use the next_cursor of another page.")
    return sku


def _group(sku: str) -> str:
    return f"product:{sku}"


def _unknown(sku: str) -> NotFound:
    return NotFound(f"There is no product {sku}.")
