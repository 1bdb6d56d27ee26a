"""Targets: the estimates of a pattern against the given limits of latency, availability and cost.

An estimate closes a gate only if it misses a given target and rests on measured or given facts. Otherwise its
uncertainty is drawn with that of the inputs, and the recommendation says what to measure first.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from blueprint.advise.candidates import Candidate
from blueprint.advise.capacity import plan_for
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.cost import bill
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


def targets_of(candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList) -> tuple[Target, ...]:
    """Return every target of this pattern, missed or not."""
    sds: Mapping[str, Any] = load("model")["targets"]
    budget = () if needs.budget_usd_month is None else (_budget(candidate, needs, demand, prices, sds),)
    return (_latency(candidate, needs, demand, sds), _availability(candidate, needs, demand, sds), *budget)


def closing_targets(
    candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList
) -> tuple[Target, ...]:
    """Return the targets that rule this pattern out; cheap if nothing was measured and no budget given."""
    sds = load("model")["targets"]
    possible = []
    if latency_can_close(needs):
        possible.append(_latency(candidate, needs, demand, sds))
    if needs.budget_usd_month is not None:
        possible.append(_budget(candidate, needs, demand, prices, sds))
    return tuple(target for target in possible if target.closes)


def latency_can_close(needs: Needs) -> bool:
    """Return whether the latency is a fact: a given target against a measured service time."""
    return needs.service_ms is not None and "p95_ms" not in needs.assumed


def _latency(candidate: Candidate, needs: Needs, demand: Demand, sds: Mapping[str, Any]) -> Target:
    p95 = plan_for(candidate.shape, demand).p95_ms
    measured = needs.service_ms is not None
    return Target(
        "G3", candidate.name, p95, needs.p95_ms, "ms",
        sds["measured_latency_sd" if measured else "latency_sd"],
        latency_can_close(needs) and p95 > needs.p95_ms,
        f"p95 of about {p95:.0f} ms misses the target of {needs.p95_ms:g} ms",
    )  # fmt: skip


def _availability(candidate: Candidate, needs: Needs, demand: Demand, sds: Mapping[str, Any]) -> Target:
    share = plan_for(candidate.shape, demand).availability
    return Target(
        "G4", candidate.name, 100 * (1 - share), 100 - needs.availability, "percent of the time down",
        sds["availability_sd"],
        False,
        f"availability of about {share:.3%} misses the target of {needs.availability:g}%",
    )  # fmt: skip


def _budget(
    candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList, sds: Mapping[str, Any]
) -> Target:
    plan, budget = plan_for(candidate.shape, demand), needs.budget_usd_month or 0.0
    low, base, high = (bill(plan, demand, prices, needs.cloud, x).total for x in ("low", "base", "high"))
    return Target(
        "G5", candidate.name, base, budget, "USD/month",
        sds["cost_sd"],
        low > budget,
        f"about {base:,.0f} USD a month ({low:,.0f} to {high:,.0f}) exceeds the budget of {budget:,.0f} USD",
    )  # fmt: skip
