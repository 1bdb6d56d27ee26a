"""When to look again: thresholds that monitoring or a calendar can see."""

from blueprint.advise.break_even import BreakEvenPoint
from blueprint.advise.capacity_plan import CapacityPlan
from blueprint.advise.cost import Bill
from blueprint.advise.datafiles import constants, load
from blueprint.advise.formatting import label_text, number_text, outcome_text, value_text
from blueprint.advise.result import ReviewTrigger
from blueprint.needs.model import Needs

NEAREST = 4


def review_triggers(
    needs: Needs, plan: CapacityPlan, bill: Bill, found: tuple[BreakEvenPoint, ...]
) -> tuple[ReviewTrigger, ...]:
    """The nearest break-even points, the limits of the sizes, and a date."""
    settings = load("model")["review_triggers"]
    triggers = [
        ReviewTrigger(label_text(c.input), _threshold(point), f"the answer {outcome_text(point.label)}")
        for point in found[:NEAREST]
        for c in point.changes
    ]
    entry = plan.services[0]
    workers = constants("replica")["workers"] * constants("replica")["utilisation"]
    limit = entry.max_replicas * workers / entry.service_ms * 1000 * needs.peak_rps / entry.peak_rps
    triggers.append(
        ReviewTrigger(
            "peak traffic",
            f">= {number_text(round(limit))} req/s",
            "the HPA's upper bound is reached: size again",
        )
    )
    triggers.append(
        ReviewTrigger(
            "p95 at the load balancer", f"> {needs.p95_ms:g} ms for a week", "the latency target is missed"
        )
    )
    database = max(plan.databases, key=lambda d: d.capacity_per_s)
    usable = database.capacity_per_s * constants("replica")["utilisation"] * max(1, database.shards)
    triggers.append(
        ReviewTrigger(
            "database",
            f">= {number_text(round(usable))} statements/s or 60 % CPU",
            "a larger server or read replicas are due",
        )
    )
    factor = settings["rate_factor"]
    triggers.append(
        ReviewTrigger(
            "monthly bill",
            f">= {bill.total * factor:,.0f} USD",
            f"{factor:g} times the estimate: check the sizes",
        )
    )
    months = settings["review_months"]
    triggers.append(
        ReviewTrigger("calendar", f"{months} months", "look again with measured rates and new prices")
    )
    return tuple(triggers)


def _threshold(point: BreakEvenPoint) -> str:
    change = point.changes[0]
    value = value_text(change.input, change.to)
    if isinstance(change.to, bool | str):
        return f"= {value}"
    return f"{'>=' if change.rising else '<='} {value}"
