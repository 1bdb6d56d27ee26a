"""Domain model of analytics."""

from dataclasses import dataclass
from datetime import datetime

ORDERS = "orders.v1"
VIEWS = "views.v1"
TOPICS = (ORDERS, VIEWS)

SECONDS = 60
MINUTES = 60
TOP = 10

# Topic and partition number.
Partition = tuple[str, int]


@dataclass(frozen=True, slots=True)
class TopProduct:
    """Sales of one product in the last hour; `revenue` is in minor units."""

    sku: str
    units: int
    revenue: int


@dataclass(frozen=True, slots=True)
class Conversion:
    """Confirmed orders per product view in the last hour.

    `rate` is null if there are no views. Views are counted instead of visitors, because they can be summed
    over partitions and minutes without identifying anybody.
    """

    views: int
    confirmed: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """All windows at `time`, by event time; the oldest value comes first.

    `orders_per_second` covers the last 60 whole seconds and counts orders when they are placed.
    `revenue_per_minute` covers the last 60 minutes, including the current one, and counts orders when they
    are confirmed. `refunded` is the total of the orders cancelled in those minutes. Amounts are in minor
    units of `currency`.
    """

    time: datetime
    currency: str
    orders_per_second: list[int]
    revenue_per_minute: list[int]
    refunded: int
    top_products: list[TopProduct]
    conversion: Conversion


@dataclass(frozen=True, slots=True)
class View:
    """A product view; payload of the event ProductViewed."""

    sku: str
