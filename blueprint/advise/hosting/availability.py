"""Availability of a host: the product of what the provider promises and of the copies of the application."""

import math
from functools import cache

from blueprint.advise.capacity import standby_copies
from blueprint.advise.capacity_plan import CapacityPlan, Demand, Shape
from blueprint.advise.datafiles import load
from blueprint.advise.providers import (
    CONTAINERS,
    HOSTS,
    KUBERNETES,
    MACHINE,
    host_definition,
    service_level,
)


def promised_parts(cloud: str, host: str, *, standby: bool) -> tuple[str, ...]:
    """Return the parts of the provider that a response needs; `standby` is whether each database has one."""
    database = "database" if standby else "database_single"
    return tuple(database if part == "database" else part for part in host_definition(cloud, host).promises)


def promise(plan: CapacityPlan, cloud: str, host: str) -> float:
    """Return the availability that the agreements in one region promise together, as a share."""
    return _promise(cloud, host, standby=all(database.standby for database in plan.databases))


@cache
def _promise(cloud: str, host: str, *, standby: bool) -> float:
    return math.prod(service_level(cloud, part) for part in promised_parts(cloud, host, standby=standby))


def availability(plan: CapacityPlan, cloud: str, host: str) -> float:
    """Return the availability as a share: what is promised, and the copies of the application."""
    promised = promise(plan, cloud, host)
    return promised if host == MACHINE else promised * plan.availability


def is_assured(shape: Shape, demand: Demand, cloud: str) -> bool:
    """Return whether a host that can always grow promises the target; nothing has to be sized to know it."""
    standby = standby_copies(shape, demand) > 1
    promises = (_promise(cloud, host, standby=standby) for host in (CONTAINERS, KUBERNETES))
    return any(within_reach(promised, demand.availability) for promised in promises)


def is_unattainable(demand: Demand, cloud: str) -> bool:
    """Return whether no host promises the target, even with a standby of each database."""
    best = max(_promise(cloud, host, standby=True) for host in HOSTS)
    return not within_reach(best, demand.availability)


def within_reach(promised: float, target: float) -> bool:
    """Return whether a target is credible: the promised downtime is at most a few times what it allows."""
    return 1 - promised <= downtime_slack() * (1 - target) + 1e-12


def downtime_slack() -> float:
    """Return how many times the downtime that a target allows the agreements may promise."""
    return float(load("providers")["downtime_slack"]["value"])
