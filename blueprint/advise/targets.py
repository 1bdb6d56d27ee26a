"""Targets: the estimates of a pattern against the given limits of latency, availability and cost.

An estimate closes a gate only if it misses a given target and rests on facts: a measured latency, the
published agreements of the provider, or a bill that exceeds the budget even at its low end. Otherwise its
uncertainty is drawn with that of the inputs, and the recommendation says what to measure first.
"""

from collections.abc import Iterator
from typing import NamedTuple

from blueprint.advise.candidates import Candidate
from blueprint.advise.capacity import plan_for
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.cost.lines import COST_LEVELS
from blueprint.advise.datafiles import load
from blueprint.advise.hosting.availability import downtime_slack, is_assured, is_unattainable, within_reach
from blueprint.advise.hosting.choice import HostChoice, choose_host
from blueprint.advise.prices import PriceList
from blueprint.advise.ranges import range_text
from blueprint.needs.model import Needs


class Target(NamedTuple):
    """An estimate for a pattern and the limit that it must not exceed.

    Up to `slack` times the limit, the target is a risk but still credible. `sd` is the lognormal sigma of the
    estimate. `closes` says whether the pattern is ruled out.
    """

    id: str
    pattern: str
    estimate: float
    limit: float
    unit: str
    sd: float
    closes: bool
    reason: str
    slack: float = 1.0

    @property
    def missed(self) -> bool:
        """Whether the estimate exceeds the limit."""
        return self.estimate > self.limit


def targets_of(candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList) -> tuple[Target, ...]:
    """Return every target of this pattern, missed or not; an assumed availability is not one."""
    return _latency(candidate, needs, demand), *_of_the_host(candidate, needs, demand, prices)


def closing_targets(
    candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList
) -> tuple[Target, ...]:
    """Return the targets that rule this pattern out; nothing is computed if none can."""
    found = [_latency(candidate, needs, demand)] if _is_measured(candidate, needs) else []
    if not _is_surely_hosted(candidate, needs, demand):
        found += _of_the_host(candidate, needs, demand, prices)
    return tuple(target for target in found if target.closes)


def is_closed(candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList) -> bool:
    """Return whether a target rules this pattern out, like `closing_targets`, but sized only if need be."""
    if needs.host == "any" and "availability" not in needs.assumed and is_unattainable(demand, needs.cloud):
        return True
    return bool(closing_targets(candidate, needs, demand, prices))


# Only a change of one of these can close a pattern that is open for sure.
CLOSING_INPUTS = frozenset({"availability", "budget_usd_month", "cloud", "host", "service_ms"})


def is_surely_open(candidate: Candidate, needs: Needs, demand: Demand) -> bool:
    """Return whether no target can close this pattern, whatever the other inputs than CLOSING_INPUTS are."""
    return not _is_measured(candidate, needs) and _is_surely_hosted(candidate, needs, demand)


def _is_surely_hosted(candidate: Candidate, needs: Needs, demand: Demand) -> bool:
    """Return whether no budget and no asked host can keep the pattern from a host within the availability."""
    if needs.budget_usd_month is not None:
        return False
    return "availability" in needs.assumed or (
        needs.host == "any" and is_assured(candidate.shape, demand, needs.cloud)
    )


def latency_sd(candidate: Candidate, needs: Needs) -> float:
    """Return the lognormal sigma of the estimated latencies of this pattern."""
    return float(
        load("model")["targets"]["measured_latency_sd" if _is_measured(candidate, needs) else "latency_sd"]
    )


def _is_measured(candidate: Candidate, needs: Needs) -> bool:
    """Return whether the latencies of all patterns rest on a measurement of the user."""
    return candidate.measured or needs.service_ms is not None


def _latency(candidate: Candidate, needs: Needs, demand: Demand) -> Target:
    p95, limit = plan_for(candidate.shape, demand).p95_ms, needs.p95_ms
    measured = _is_measured(candidate, needs)
    closes = measured and "p95_ms" not in needs.assumed and p95 > limit
    sd = latency_sd(candidate, needs)
    reason = f"p95 of {range_text(p95, sd)} ms is probably above the target of {limit:g} ms"
    return Target("G3", candidate.name, p95, limit, "ms", sd, closes, reason)


def _of_the_host(candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList) -> Iterator[Target]:
    """Yield the given targets that depend on where the pattern runs."""
    given, budget = "availability" not in needs.assumed, needs.budget_usd_month
    if not given and budget is None:
        return
    choice = choose_host(candidate.shape, needs, demand, prices)
    if given:
        yield _availability(candidate.name, needs, choice.hosted.promised)
    if budget is not None:
        yield _budget(candidate.name, needs, budget, choice, demand, prices)


def _availability(pattern: str, needs: Needs, promised: float) -> Target:
    down, limit = (round(100 - x, 9) for x in (100 * promised, needs.availability))
    sd, slack = load("model")["targets"]["availability_sd"], downtime_slack()
    reason = (
        f"availability of {promised:.3%} by the agreements of the provider misses the target of "
        f"{needs.availability:g}%"
    )
    closes = not within_reach(promised, needs.availability / 100)
    return Target("G4", pattern, down, limit, "percent of the time down", sd, closes, reason, slack)


def _budget(
    pattern: str, needs: Needs, budget: float, choice: HostChoice, demand: Demand, prices: PriceList
) -> Target:
    low, base, high = (choice.hosted.bill(demand, prices, needs.cloud, x).total for x in COST_LEVELS)
    sd = load("model")["targets"]["cost_sd"]
    reason = (
        f"about {base:,.0f} USD a month ({low:,.0f} to {high:,.0f}) exceeds the budget of {budget:,.0f} USD"
    )
    return Target("G5", pattern, base, budget, "USD/month", sd, low > budget, reason)
