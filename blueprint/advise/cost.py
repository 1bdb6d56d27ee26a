"""Monthly cost of a capacity plan on one cloud in USD, as a low, a base and a high estimate."""

import math
from typing import NamedTuple

from blueprint.advise.capacity_plan import Cache, CapacityPlan, Database, Demand
from blueprint.advise.datafiles import constants
from blueprint.advise.prices import PriceList

SECONDS_PER_HOUR = 3600
COST_LEVELS = ("low", "base", "high")


class Bill(NamedTuple):
    """Bill for one month on one cloud; `cached` says whether it includes a shared cache."""

    cloud: str
    level: str
    lines: tuple[tuple[str, float], ...]
    cached: bool

    @property
    def total(self) -> float:
        """Total in USD per month."""
        return sum(amount for _, amount in self.lines)


def bill(plan: CapacityPlan, demand: Demand, prices: PriceList, cloud: str, level: str = "base") -> Bill:
    """Return the cheaper bill, with or without the cache of the plan, at the utilization of the level."""
    plain = _bill(plan, demand, prices, cloud, level, None)
    if plan.cache is None:
        return plain
    cached = _bill(plan, demand, prices, cloud, level, plan.cache)
    return cached if cached.total < plain.total else plain


def _bill(
    plan: CapacityPlan, demand: Demand, prices: PriceList, cloud: str, level: str, cache: Cache | None
) -> Bill:
    size_factor = constants("replica")["utilization"] / constants("cost")["utilization"][level]
    hours = prices.hours_per_month

    def usd(role: str) -> float:
        return prices.of(cloud, role).usd

    databases = plan.databases if cache else plan.uncached_databases
    lines = [
        ("app nodes", hours * _nodes(plan, prices, cloud, size_factor) * usd("node")),
        ("database", hours * sum(_units(d) for d in databases) * size_factor * usd("database_per_2_vcpu")),
        ("storage", sum(d.storage_gb * d.servers for d in databases) * usd("storage_gb_month")),
        ("load balancer", hours * usd("load_balancer")),
        ("control plane", hours * usd("control_plane")),
        ("egress", _egress_gb(demand, hours) * usd("egress_gb")),
    ]
    if cache:
        memory = cache.memory_mib / 1024 * cache.nodes
        lines.append(("cache", hours * max(usd("cache_minimum"), memory * usd("cache_per_gib"))))
    if plan.broker:
        lines.append(("broker", hours * plan.broker.nodes * usd("broker")))
        lines.append(("broker storage", plan.broker.storage_gb * usd("broker_gb_month")))
    return Bill(cloud, level, tuple(lines), cache is not None)


def _units(database: Database) -> float:
    return database.servers * database.vcpu / 2


def _nodes(plan: CapacityPlan, prices: PriceList, cloud: str, size_factor: float) -> float:
    """Return the average number of nodes: for the peak in the busy hours, else for the mean; at least two."""
    c = constants("cost")
    replicas = sum(
        (1 - c["peak_share"]) * _replicas(s.slots_mean, s.replicas, size_factor)
        + c["peak_share"] * _replicas(s.slots_peak, s.replicas_at_peak, size_factor)
        for s in plan.services
    )
    node = prices.of(cloud, "node")
    by_cpu = replicas * plan.cpu_millicores / 1000 / (node.vcpu * c["allocatable"])
    by_memory = replicas * plan.memory_mib / 1024 / (node.gib * c["allocatable"])
    return float(max(2.0, by_cpu, by_memory))


def _replicas(slots: int, planned: int, size_factor: float) -> int:
    """Return the replicas at another utilization: the planned ones, plus or minus the change in slots."""
    workers: int = constants("replica")["workers"]
    change = math.ceil(slots * size_factor / workers) - math.ceil(slots / workers)
    return max(2, planned + change)


def _egress_gb(demand: Demand, hours: float) -> float:
    kilobytes: float = demand.mean_rps * demand.payload_kb * constants("cost")["response_kb_factor"]
    return kilobytes * SECONDS_PER_HOUR * hours / 1_000_000
