"""Cart service: stores quantities by SKU; names and prices come from the catalog when a cart is shown."""

from collections.abc import Collection, Mapping
from uuid import UUID

import sqlalchemy as sa

from chassis.db.conflicts import retry_conflicts, retry_duplicates
from chassis.db.connections import Connection
from chassis.db.database import Database
from chassis.db.lists import with_list
from chassis.http.problems import NotFound
from chassis.ids import new_id
from chassis.money import Money

from .domain import Cart, CartItem, StoredItem
from .ports import Catalog
from .tables import cart_item

MAX_ITEMS = 50

_OWNER = cart_item.c.user_id == sa.bindparam("owner_id")
_OF = cart_item.c.sku == sa.bindparam("for_sku")
_READ = (
    sa.select(cart_item.c.sku, cart_item.c.quantity, cart_item.c.revision)
    .where(_OWNER)
    .order_by(cart_item.c.sku)
)
_COUNT = sa.select(sa.func.count()).select_from(cart_item).where(_OWNER)
_SET = (
    sa.update(cart_item)
    .where(_OWNER, _OF)
    .values(quantity=sa.bindparam("units"), revision=sa.bindparam("new_revision"))
)
_ADD = sa.insert(cart_item)
_REMOVE = sa.delete(cart_item).where(_OWNER, cart_item.c.sku.in_(sa.bindparam("skus", expanding=True)))
_REMOVE_REVISIONS = _REMOVE.where(cart_item.c.revision.in_(sa.bindparam("revisions", expanding=True)))
_EMPTY = sa.delete(cart_item).where(_OWNER)
_lock = with_list(
    cart_item.c.user_id,
    lambda one_of: (
        sa.select(cart_item.c.sku)
        .where(one_of)
        .order_by(cart_item.c.user_id, cart_item.c.sku)
        .with_for_update()
    ),
)


class CartIsFull(Exception):
    """The cart already holds `MAX_ITEMS` different items."""


class Carts:
    """The carts of all users."""

    def __init__(self, database: Database, catalog: Catalog, currency: str) -> None:
        self._database = database
        self._catalog = catalog
        self._currency = currency

    async def view(self, user_id: UUID) -> Cart:
        """Return the cart by SKU, without products that no longer exist."""
        stored = await self.items(user_id)
        products = await self._catalog.find(stored) if stored else {}
        items = [
            CartItem(sku, products[sku].name, item.quantity, products[sku].price)
            for sku, item in stored.items()
            if sku in products
        ]
        total = sum(item.quantity * item.unit_price.amount for item in items)
        return Cart(items, Money(total, self._currency))

    async def items(self, user_id: UUID) -> dict[str, StoredItem]:
        """Return the items of the cart by SKU."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_READ, {"owner_id": user_id})
            return {row.sku: StoredItem(row.quantity, row.revision) for row in rows}

    async def put(self, user_id: UUID, sku: str, quantity: int) -> None:
        """Set an item's quantity; raise `NotFound` for an unknown product, or `CartIsFull`."""
        if not await self._catalog.find([sku]):
            raise NotFound(f"There is no product {sku}.")
        await self._put(user_id, sku, quantity)

    # A concurrent request of the same user may add the item first.
    @retry_duplicates
    @retry_conflicts
    async def _put(self, user_id: UUID, sku: str, quantity: int) -> None:
        async with self._database.transaction() as transaction:
            revision = new_id()
            values = {"owner_id": user_id, "for_sku": sku, "units": quantity, "new_revision": revision}
            if (await transaction.execute(_SET, values)).rowcount:
                return
            # Locked, so that concurrent requests count what the others have added.
            await self.lock(transaction, [user_id])
            count = (await transaction.execute(_COUNT, {"owner_id": user_id})).scalar_one()
            if count >= MAX_ITEMS:
                raise CartIsFull
            item = {"user_id": user_id, "sku": sku, "quantity": quantity, "revision": revision}
            await transaction.execute(_ADD, item)

    async def lock(self, transaction: Connection, user_ids: Collection[UUID]) -> None:
        """Lock all items of users before a transaction with several removals, so that none deadlock."""
        await transaction.execute(*_lock(user_ids))

    async def remove(self, transaction: Connection, user_id: UUID, skus: Collection[str]) -> None:
        """Remove items from the cart, in the caller's transaction."""
        await transaction.execute(_REMOVE, {"owner_id": user_id, "skus": list(skus)})

    async def remove_revisions(
        self, transaction: Connection, user_id: UUID, revisions: Mapping[str, UUID]
    ) -> None:
        """Remove the items that still have these revisions, by SKU; items changed since then stay."""
        values = {"owner_id": user_id, "skus": list(revisions), "revisions": list(revisions.values())}
        await transaction.execute(_REMOVE_REVISIONS, values)

    @retry_conflicts
    async def remove_one(self, user_id: UUID, sku: str) -> None:
        """Remove one item from the cart, if it is there."""
        async with self._database.transaction() as transaction:
            await self.remove(transaction, user_id, [sku])

    @retry_conflicts
    async def empty(self, user_id: UUID) -> None:
        """Remove all items from the cart."""
        async with self._database.transaction() as transaction:
            await transaction.execute(_EMPTY, {"owner_id": user_id})
