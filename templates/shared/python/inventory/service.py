"""The shelf, as the administrator sees and fills it."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ..chassis.conflicts import retry_conflicts
from ..chassis.database import Database
from ..chassis.problems import Conflict, NotFound
from .domain import Stock
from .tables import stock

_READ = sa.select(stock.c.sku, stock.c.on_hand, stock.c.reserved).where(
    stock.c.sku == sa.bindparam("for_sku")
)
_COUNT = sa.bindparam("new_on_hand", type_=sa.BigInteger)
_SET = (
    sa.update(stock)
    .where(stock.c.sku == sa.bindparam("for_sku"), stock.c.reserved <= _COUNT)
    # Some databases assign one after the other: `supplied` needs the `on_hand` of before.
    .ordered_values(
        (stock.c.supplied, stock.c.supplied + _COUNT - stock.c.on_hand), (stock.c.on_hand, _COUNT)
    )
)
_ADD = sa.insert(stock)


class StockService:
    """Reads and sets how many units are on hand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, sku: str) -> Stock:
        """Return the stock of the SKU; raise `NotFound`."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_READ, {"for_sku": sku})).one_or_none()
        if row is None:
            raise NotFound(f"There is no stock of {sku}.")
        return Stock(*row)

    async def put(self, sku: str, on_hand: int) -> Stock:
        """Set the units on hand, of a SKU new or known; raise `Conflict` below what is reserved."""
        try:
            return await self._put(sku, on_hand)
        except IntegrityError:
            # Somebody else has just made the row.
            return await self._put(sku, on_hand)

    @retry_conflicts
    async def _put(self, sku: str, on_hand: int) -> Stock:
        async with self._database.transaction() as transaction:
            row = (await transaction.execute(_READ, {"for_sku": sku})).one_or_none()
            if row is None:
                values = {"sku": sku, "on_hand": on_hand, "reserved": 0, "supplied": on_hand}
                await transaction.execute(_ADD, values)
                return Stock(sku, on_hand, 0)
            fits = (await transaction.execute(_SET, {"for_sku": sku, "new_on_hand": on_hand})).rowcount
            row = (await transaction.execute(_READ, {"for_sku": sku})).one()
        if not fits:
            raise Conflict("stock-below-reserved", f"{row.reserved} units are reserved.")
        return Stock(*row)
