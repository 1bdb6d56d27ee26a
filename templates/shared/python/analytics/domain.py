"""What analytics speaks of."""

from dataclasses import dataclass
from datetime import datetime

ORDERS = "orders.v1"
VIEWS = "views.v1"
TOPICS = (ORDERS, VIEWS)

SECONDS = 60
MINUTES = 60
TOP = 10

# A topic and the number of one of its partitions.
Partition = tuple[str, int]


@dataclass(frozen=True, slots=True)
class TopProduct:
    """A product by what was sold of it in the last hour; `revenue` is in minor units."""

    sku: str
    units: int
    revenue: int


@dataclass(frozen=True, slots=True)
class Conversion:
    """How many views of products became confirmed orders in the last hour.

    `rate` is orders per view, null without views. Views rather than visitors: they can be added up over
    partitions and minutes without remembering anybody.
    """

    views: int
    confirmed: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """All windows as of `time`, by the time of the events; the oldest value comes first.

    `orders_per_second` has the last 60 whole seconds and counts orders as they are placed.
    `revenue_per_minute` has the last 60 minutes, the present one included, and counts orders when they are
    confirmed. `refunded` is what orders cancelled in those minutes had cost. Amounts are in minor units of
    `currency`.
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
    """Somebody looked at a product. This is what the events `ProductViewed` carry."""

    sku: str
