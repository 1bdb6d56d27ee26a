"""Place order over HTTP, compared with the same statements in a bare application."""

from collections.abc import Sequence
from functools import partial

from . import goods
from .database import until_drained
from .figures import Aim, Figure
from .goods import Goods
from .rounds import Contender, Pace, race

GROUP = "Place order, two processes"
SHARE = Aim(at_least=0.65)


def measure(
    shop: Sequence[str], shop_database: str, bare: Sequence[str], market: Goods, pace: Pace
) -> list[Figure]:
    """Return the orders per second of many customers, for many SKUs and for one SKU."""
    figures = []
    for what, requests, aim in (
        ("many SKUs", goods.orders(market), SHARE),
        ("one hot SKU", goods.orders(market, hot=True), None),
    ):
        ours = Contender(f"{what}: the shop", shop, requests, partial(until_drained, shop_database))
        theirs = Contender(f"{what}: bare Starlette + asyncpg", bare, requests)
        rates = race([ours, theirs], pace)
        base = rates[theirs.name]
        figures.append(Figure(GROUP, ours.name, "orders/s", rates[ours.name].rounds, base.median, aim))
        figures.append(Figure(GROUP, theirs.name, "orders/s", base.rounds))
    return figures
