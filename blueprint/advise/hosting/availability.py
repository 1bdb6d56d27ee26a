"""Availability of a host: the product of what the provider promises and of the copies of the application."""

import math

from blueprint.advise.capacity_plan import CapacityPlan
from blueprint.advise.datafiles import load
from blueprint.advise.providers import MACHINE, PLATFORM, needs_load_balancer, service_level


def promised_parts(plan: CapacityPlan, cloud: str, host: str) -> tuple[str, ...]:
    """Return the parts of the provider that a response needs."""
    if host == MACHINE:
        return (MACHINE,)
    balancer = ("load_balancer",) if needs_load_balancer(cloud, host) else ()
    if host == PLATFORM:
        return (PLATFORM,)
    standby = all(database.standby for database in plan.databases)
    return (*balancer, host, "database" if standby else "database_single")


def availability(plan: CapacityPlan, cloud: str, host: str) -> float:
    """Return the availability as a share: no more than the service-level agreements in one region promise."""
    promised = math.prod(service_level(cloud, part) for part in promised_parts(plan, cloud, host))
    return promised if host == MACHINE else promised * plan.availability


def within_reach(promised: float, target: float) -> bool:
    """Return whether a target is credible: the promised downtime is at most a few times what it allows."""
    return 1 - promised <= downtime_slack() * (1 - target) + 1e-12


def downtime_slack() -> float:
    """Return how many times the downtime that a target allows the agreements may promise."""
    return float(load("providers")["downtime_slack"]["value"])
