"""Targets: the estimates of a pattern against the given limits of latency, availability and cost.

An estimate closes a gate only if it misses a given target and rests on measured or given facts. Otherwise its
uncertainty is drawn with that of the inputs, and the recommendation says what to measure first.
"""

from typing import NamedTuple

from blueprint.advise.candidates import Candidate
from blueprint.advise.capacity import plan_for
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.cost import COST_LEVELS, bill
from blueprint.advise.datafiles import load
from blueprint.advise.prices import PriceList
from blueprint.needs.model import Needs


class Target(NamedTuple):
    """An estimate for a pattern and the limit that it must not exceed.

    `sd` is the lognormal sigma of the estimate. `closes` says whether the pattern is ruled out.
    """

    id: str
    pattern: str
    estimate: float
    limit: float
    unit: str
    sd: float
    closes: bool
    reason: str

    @property
    def missed(self) -> bool:
        """Whether the estimate exceeds the limit."""
        return self.estimate > self.limit


class Figures(NamedTuple):
    """What targets are compared with: p95 in ms, availability as a share, the bills in USD a month.

    `measured` says whether the latency rests on a measurement. Without a budget, no bill is computed.
    """

    p95_ms: float
    measured: bool
    availability: float
    bills: tuple[float, ...]


def targets_of(candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList) -> tuple[Target, ...]:
    """Return every target of this pattern, missed or not."""
    figures = _figures(candidate, needs, demand, prices)
    latency = _latency(candidate.name, needs, figures)
    availability = _availability(candidate.name, needs, figures)
    if needs.budget_usd_month is None:
        return latency, availability
    return latency, availability, _budget(candidate.name, needs.budget_usd_month, figures)


def closing_targets(
    candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList
) -> tuple[Target, ...]:
    """Return the targets that rule this pattern out; nothing is computed if none can."""
    if not _is_measured(candidate, needs) and needs.budget_usd_month is None:
        return ()
    return tuple(target for target in targets_of(candidate, needs, demand, prices) if target.closes)


def _figures(candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList) -> Figures:
    plan = plan_for(candidate.shape, demand)
    limited = needs.budget_usd_month is not None
    return Figures(
        plan.p95_ms,
        _is_measured(candidate, needs),
        plan.availability,
        tuple(bill(plan, demand, prices, needs.cloud, x).total for x in COST_LEVELS) if limited else (),
    )


def _is_measured(candidate: Candidate, needs: Needs) -> bool:
    """Return whether the latencies of all patterns rest on a measurement of the user."""
    return candidate.measured or needs.service_ms is not None


def _latency(pattern: str, needs: Needs, figures: Figures) -> Target:
    p95, limit = figures.p95_ms, needs.p95_ms
    sd = load("model")["targets"]["measured_latency_sd" if figures.measured else "latency_sd"]
    closes = figures.measured and "p95_ms" not in needs.assumed and p95 > limit
    reason = f"p95 of about {p95:.0f} ms misses the target of {limit:g} ms"
    return Target("G3", pattern, p95, limit, "ms", sd, closes, reason)


def _availability(pattern: str, needs: Needs, figures: Figures) -> Target:
    down, limit = (round(100 - x, 9) for x in (100 * figures.availability, needs.availability))
    sd = load("model")["targets"]["availability_sd"]
    reason = f"availability of about {figures.availability:.3%} misses the target of {needs.availability:g}%"
    return Target("G4", pattern, down, limit, "percent of the time down", sd, False, reason)


def _budget(pattern: str, budget: float, figures: Figures) -> Target:
    low, base, high = figures.bills
    sd = load("model")["targets"]["cost_sd"]
    reason = (
        f"about {base:,.0f} USD a month ({low:,.0f} to {high:,.0f}) exceeds the budget of {budget:,.0f} USD"
    )
    return Target("G5", pattern, base, budget, "USD/month", sd, low > budget, reason)
