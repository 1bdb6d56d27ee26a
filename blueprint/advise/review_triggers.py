"""Review triggers: thresholds at which to review the decision, visible to monitoring or in a calendar."""

from blueprint.advise.break_even import BreakEvenPoint
from blueprint.advise.capacity_plan import CapacityPlan
from blueprint.advise.cost.bill import Bill
from blueprint.advise.datafiles import constants, load
from blueprint.advise.formatting import label_text, number_text, outcome_text, threshold_text
from blueprint.advise.result import ReviewTrigger
from blueprint.needs.model import Needs

NEAREST = 4


def review_triggers(
    needs: Needs, plan: CapacityPlan, bill: Bill, found: tuple[BreakEvenPoint, ...]
) -> tuple[ReviewTrigger, ...]:
    """Return the nearest break-even points, the limits of the sizes, and a date."""
    settings = load("model")["review_triggers"]
    factor = settings["rate_factor"]
    return (
        *(
            ReviewTrigger(label_text(change.input), threshold_text(change), outcome_text(point.label))
            for point in found[:NEAREST]
            for change in point.changes
        ),
        ReviewTrigger(
            "peak traffic",
            f">= {number_text(round(_autoscaler_limit(needs, plan)))} req/s",
            "the autoscaler reaches its maximum: size the system again",
        ),
        ReviewTrigger(
            "p95 at the load balancer", f"> {needs.p95_ms:g} ms for a week", "the latency target is missed"
        ),
        ReviewTrigger(
            "database load",
            f">= {number_text(round(_database_limit(plan)))} statements/s or 60% CPU",
            "a larger server or more read replicas are needed",
        ),
        ReviewTrigger(
            "monthly bill",
            f">= {bill.total * factor:,.0f} USD",
            f"{factor:g} times the estimate: check the sizes",
        ),
        ReviewTrigger(
            "time since the decision",
            f">= {settings['review_months']} months",
            "repeat the recommendation with measured rates and current prices",
        ),
    )


def _autoscaler_limit(needs: Needs, plan: CapacityPlan) -> float:
    """Return the peak traffic in req/s with which a part has all its replicas busy."""
    per_replica = plan.cpu_millicores / 1000 * constants("replica")["utilization"]
    busy = [service for service in plan.services if service.cores_peak > 0]
    return float(min(needs.peak_rps * s.max_replicas * per_replica / s.cores_peak for s in busy))


def _database_limit(plan: CapacityPlan) -> float:
    """Return the statements per second that the largest database can carry."""
    database = max(plan.databases, key=lambda d: d.capacity_per_s)
    return float(database.capacity_per_s * constants("replica")["utilization"] * max(1, database.shards))
