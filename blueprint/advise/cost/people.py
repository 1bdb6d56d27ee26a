"""Cost of the people who operate a pattern on a host, shown beside the bill."""

from blueprint.advise.capacity_plan import CapacityPlan
from blueprint.advise.datafiles import constants
from blueprint.needs.model import Needs


def operators(plan: CapacityPlan, host: str, needs: Needs) -> float:
    """Return how many of the given engineers operating the system takes."""
    p = constants("people", "cost")
    required = p["host"][host] + p["deployable"] * (len(plan.services) - 1)
    return float(min(needs.engineers, required + (p["broker"] if plan.broker else 0.0)))


def operating_usd(plan: CapacityPlan, host: str, needs: Needs) -> float:
    """Return the cost of operating the system in USD a month, with the given cost of an engineer."""
    return operators(plan, host, needs) * needs.engineer_usd_month
