"""Monthly bill of the sizes on one host and cloud in USD, as a low, a base and a high estimate."""

from collections.abc import Mapping
from typing import NamedTuple

from blueprint.advise.capacity_plan import Cache, CapacityPlan, Demand
from blueprint.advise.cost.compute import compute_lines
from blueprint.advise.cost.data import data_lines
from blueprint.advise.cost.lines import GROUPS, CostLevel, Line, Rates, Workload
from blueprint.advise.cost.network import network_lines
from blueprint.advise.prices import PriceList
from blueprint.advise.providers import MACHINE


class Bill(NamedTuple):
    """Bill for one month on one cloud and host; `cached` says whether it includes a shared cache."""

    cloud: str
    host: str
    level: CostLevel
    lines: tuple[Line, ...]
    cached: bool

    @property
    def total(self) -> float:
        """Total in USD per month."""
        return sum(line.usd for line in self.lines)

    @property
    def unverified_share(self) -> float:
        """Share of the total that rests on prices which nobody has seen at the provider."""
        unverified = sum(line.usd for line in self.lines if not line.verified)
        return unverified / self.total if self.total else 0.0

    @property
    def groups(self) -> Mapping[str, float]:
        """Total in USD per month of each group of lines."""
        sums = {name: sum(line.usd for line in self.lines if line.group == name) for name in GROUPS}
        return {name: usd for name, usd in sums.items() if usd}

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles whose prices the bill uses, each once."""
        return tuple(dict.fromkeys(line.role for line in self.lines))


def bill(
    plan: CapacityPlan,
    demand: Demand,
    prices: PriceList,
    cloud: str,
    host: str,
    level: CostLevel = "base",
    *,
    observed: bool = True,
) -> Bill:
    """Return the cheaper bill, with or without the cache of the plan, for sizes on a host.

    `observed` says whether one machine also runs the servers for metrics and traces.
    """
    rates, work = Rates(prices, cloud, host, level), Workload(plan, demand, observed)
    fixed = [*compute_lines(work, rates), *network_lines(work, rates)]
    plain = _bill(work, rates, None, fixed)
    if plan.cache is None or host == MACHINE:
        return plain
    cached = _bill(work, rates, plan.cache, fixed)
    return cached if cached.total < plain.total else plain


def _bill(work: Workload, rates: Rates, cache: Cache | None, fixed: list[Line]) -> Bill:
    """Return the bill with or without a cache; the `fixed` lines are the same in both."""
    lines = [*fixed, *data_lines(work, rates, cache)]
    lines.sort(key=lambda line: GROUPS.index(line.group))
    return Bill(rates.cloud, rates.host, rates.level, tuple(lines), cache is not None)
