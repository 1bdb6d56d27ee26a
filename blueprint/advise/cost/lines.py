"""Lines of a bill, and the rates that they are computed with."""

from typing import Literal, NamedTuple

from blueprint.advise.capacity_plan import CapacityPlan, Demand
from blueprint.advise.prices import Price, PriceList

GROUPS = ("compute", "database", "cache", "broker", "network", "operations")
CostLevel = Literal["low", "base", "high"]
COST_LEVELS: tuple[CostLevel, ...] = ("low", "base", "high")


class Line(NamedTuple):
    """A line of a monthly bill in USD with its group, product and the role of its price."""

    group: str
    name: str
    usd: float
    product: str
    role: str
    verified: bool


class Rates(NamedTuple):
    """The prices of one cloud, and the level at which a bill is computed."""

    prices: PriceList
    cloud: str
    host: str
    level: CostLevel

    @property
    def hours(self) -> float:
        """Hours of a month."""
        return self.prices.hours_per_month

    def of(self, role: str) -> Price:
        """Return the price of a role."""
        return self.prices.of(self.cloud, role)

    def line(self, group: str, name: str, role: str, quantity: float) -> Line:
        """Return the line for a quantity in the unit of the price, at the price of each tier."""
        price = self.of(role)
        return Line(group, name, price.of_quantity(quantity), price.sku, role, price.verified)

    def hourly(self, group: str, name: str, role: str, units: float) -> Line:
        """Return the line for units that run the whole month."""
        return self.line(group, name, role, units * self.hours)


class Workload(NamedTuple):
    """What is paid for: the sizes on the host, and the demand."""

    plan: CapacityPlan
    demand: Demand
    observed: bool
