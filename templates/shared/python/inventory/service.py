"""Stock service: units on hand, as administrators read and set them."""

import sqlalchemy as sa

from chassis.db.conflicts import retry_conflicts, retry_duplicates
from chassis.db.connections import prepared
from chassis.db.database import Database
from chassis.http.problems import Conflict, NotFound

from .domain import Stock
from .tables import stock

_READ = prepared(
    sa.select(stock.c.sku, stock.c.on_hand, stock.c.reserved).where(stock.c.sku == sa.bindparam("for_sku"))
)
_COUNT = sa.bindparam("new_on_hand", type_=sa.BigInteger)
_SET = prepared(
    sa.update(stock)
    .where(stock.c.sku == sa.bindparam("for_sku"), stock.c.reserved <= _COUNT)
    # Some databases assign columns one after another, and `supplied` needs the previous `on_hand`.
    .ordered_values(
        (stock.c.supplied, stock.c.supplied + _COUNT - stock.c.on_hand), (stock.c.on_hand, _COUNT)
    )
)
_ADD = sa.insert(stock)


class StockService:
    """Reads and sets the units on hand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, sku: str) -> Stock:
        """Return the stock of the SKU; raise `NotFound` if there is no such stock."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_READ, {"for_sku": sku})).one_or_none()
        if row is None:
            raise NotFound(f"There is no stock of {sku}.")
        return Stock(*row)

    # A concurrent request may create the row first.
    @retry_duplicates
    @retry_conflicts
    async def put(self, sku: str, on_hand: int) -> Stock:
        """Set the units on hand of a new or known SKU; raise `Conflict` if more are reserved."""
        async with self._database.transaction() as transaction:
            row = (await transaction.execute(_READ, {"for_sku": sku})).one_or_none()
            if row is None:
                values = {"sku": sku, "on_hand": on_hand, "reserved": 0, "supplied": on_hand}
                await transaction.execute(_ADD, values)
                return Stock(sku, on_hand, 0)
            fits = (await transaction.execute(_SET, {"for_sku": sku, "new_on_hand": on_hand})).rowcount
            row = (await transaction.execute(_READ, {"for_sku": sku})).one()
        if not fits:
            detail = f"{row.reserved} units are reserved; set at least that many."
            raise Conflict("stock-below-reserved", detail)
        return Stock(*row)
