"""When to look again: thresholds that monitoring or a calendar can see."""

from blueprint.advise.cost import Bill
from blueprint.advise.datafiles import constants, load
from blueprint.advise.flips import Flip
from blueprint.advise.plan import Plan
from blueprint.advise.result import Tripwire
from blueprint.advise.words import label_text, number_text, outcome_text, value_text
from blueprint.needs.model import Needs

NEAREST = 4


def tripwires(needs: Needs, plan: Plan, bill: Bill, found: tuple[Flip, ...]) -> tuple[Tripwire, ...]:
    """The nearest flips, the limits of the sizes, and a date."""
    settings = load("model")["tripwires"]
    wires = [
        Tripwire(label_text(c.input), _threshold(flip), f"the answer {outcome_text(flip.label)}")
        for flip in found[:NEAREST]
        for c in flip.changes
    ]
    entry = plan.services[0]
    workers = constants("replica")["workers"] * constants("replica")["utilisation"]
    limit = entry.max_replicas * workers / entry.service_ms * 1000 * needs.peak_rps / entry.peak_rps
    wires.append(
        Tripwire(
            "peak traffic",
            f">= {number_text(round(limit))} req/s",
            "the HPA's upper bound is reached: size again",
        )
    )
    wires.append(
        Tripwire(
            "p95 at the load balancer", f"> {needs.p95_ms:g} ms for a week", "the latency target is missed"
        )
    )
    database = max(plan.databases, key=lambda d: d.capacity_per_s)
    usable = database.capacity_per_s * constants("replica")["utilisation"] * max(1, database.shards)
    wires.append(
        Tripwire(
            "database",
            f">= {number_text(round(usable))} statements/s or 60 % CPU",
            "a larger server or read replicas are due",
        )
    )
    factor = settings["rate_factor"]
    wires.append(
        Tripwire(
            "monthly bill",
            f">= {bill.total * factor:,.0f} USD",
            f"{factor:g} times the estimate: check the sizes",
        )
    )
    months = settings["review_months"]
    wires.append(Tripwire("calendar", f"{months} months", "look again with measured rates and new prices"))
    return tuple(wires)


def _threshold(flip: Flip) -> str:
    change = flip.changes[0]
    value = value_text(change.input, change.to)
    if isinstance(change.to, bool | str):
        return f"= {value}"
    return f"{'>=' if change.rising else '<='} {value}"
