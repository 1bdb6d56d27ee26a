"""Choice of the host: where a pattern runs, by load, availability, people and budget."""

from collections.abc import Iterator
from typing import NamedTuple

from blueprint.advise.capacity import plan_for
from blueprint.advise.capacity_plan import CapacityPlan, Demand, Shape
from blueprint.advise.cost.bill import Bill, bill
from blueprint.advise.cost.compute import smallest_machine, used_gb
from blueprint.advise.cost.lines import CostLevel, Workload
from blueprint.advise.datafiles import constants
from blueprint.advise.hosting.availability import availability, promise, within_reach
from blueprint.advise.hosting.sizing import Setting, is_relaxed, sized
from blueprint.advise.prices import PriceList
from blueprint.advise.providers import CONTAINERS, HOSTS, KUBERNETES, MACHINE, PLATFORM
from blueprint.needs.model import Needs

# Facts that choose a host, besides the sizes.
HOST_FACTS = (
    "host",
    "stage",
    "engineers",
    "teams",
    "ops_maturity",
    "availability",
    "budget_usd_month",
    "cloud",
)


class Hosted(NamedTuple):
    """A pattern on one host: its sizes, its availability as a share, and what speaks against the host.

    `promised` is the part of the availability that the agreements of the provider state. `holds` says whether
    the host can hold the load and the data, `observed` whether the servers for metrics and traces run beside
    the shop.
    """

    host: str
    plan: CapacityPlan
    promised: float
    availability: float
    observed: bool
    holds: bool
    obstacles: tuple[str, ...]

    def bill(self, demand: Demand, prices: PriceList, cloud: str, level: CostLevel = "base") -> Bill:
        """Return the monthly bill on a cloud."""
        return bill(self.plan, demand, prices, cloud, self.host, level, observed=self.observed)


class HostChoice(NamedTuple):
    """The host that a pattern runs on, and why; with a budget, also the low estimate in USD a month."""

    hosted: Hosted
    reason: str
    low_usd: float | None


def choose_host(shape: Shape, needs: Needs, demand: Demand, prices: PriceList) -> HostChoice:
    """Return the host that was asked for, or the first one that fits in the order of the facts."""
    if needs.host != "any":
        return _chosen(on_host(shape, needs, demand, prices, needs.host), "asked for", needs, demand, prices)
    order, reason = _order(needs, plan_for(shape, demand))
    dearer: HostChoice | None = None
    for host in order:
        hosted = on_host(shape, needs, demand, prices, host)
        if hosted.obstacles:
            continue
        why = reason if host == order[0] else _instead(host, dearer)
        choice = _chosen(hosted, why, needs, demand, prices)
        if choice.low_usd is None or choice.low_usd <= (needs.budget_usd_month or 0):
            return choice
        dearer = dearer or choice
    last = on_host(shape, needs, demand, prices, _last_resort(order))
    return dearer or _chosen(last, reason, needs, demand, prices)


def _chosen(hosted: Hosted, reason: str, needs: Needs, demand: Demand, prices: PriceList) -> HostChoice:
    bounded = needs.budget_usd_month is not None
    return HostChoice(
        hosted, reason, hosted.bill(demand, prices, needs.cloud, "low").total if bounded else None
    )


def _instead(host: str, dearer: HostChoice | None) -> str:
    if dearer:
        return f"{dearer.hosted.host} exceeds the budget, and {host} fits it"
    return "the simpler hosts do not fit the load or the availability"


def _last_resort(order: tuple[str, ...]) -> str:
    """Return the host for needs that none fits: the first that can grow."""
    return next(host for host in order if host in (CONTAINERS, KUBERNETES))


def _order(needs: Needs, plan: CapacityPlan) -> tuple[tuple[str, ...], str]:
    """Return the hosts in the order in which they are tried, with the fact that decides the first."""
    h = constants("hosts", "cost")
    if is_relaxed(needs):
        return HOSTS, "a prototype without an availability target runs on one machine"
    if needs.engineers <= h["alone_until"]:
        return HOSTS, "too few engineers to also run a cluster: the simplest host that fits"
    if _suits_kubernetes(needs, plan):
        return (KUBERNETES, CONTAINERS, PLATFORM, MACHINE), _kubernetes_reason(needs, plan)
    return (CONTAINERS, KUBERNETES, PLATFORM, MACHINE), "replicas and failover without a cluster to operate"


def _suits_kubernetes(needs: Needs, plan: CapacityPlan) -> bool:
    h = constants("hosts", "cost")
    large = (
        len(plan.services) >= h["kubernetes_from_deployables"]
        or needs.teams >= h["kubernetes_from_teams"]
        or _peak_replicas(plan) >= h["kubernetes_from_replicas"]
    )
    return bool(large) and needs.ops_maturity >= h["kubernetes_from_maturity"]


def _kubernetes_reason(needs: Needs, plan: CapacityPlan) -> str:
    return (
        f"deployables: {len(plan.services)}, replicas at the peak: {_peak_replicas(plan)}, "
        f"teams: {needs.teams}, operations maturity: {needs.ops_maturity}"
    )


def _peak_replicas(plan: CapacityPlan) -> int:
    return sum(service.copies_at_peak for service in plan.services)


def every_host(shape: Shape, needs: Needs, demand: Demand, prices: PriceList) -> tuple[Hosted, ...]:
    """Return the pattern on every kind of host, to compare."""
    return tuple(on_host(shape, needs, demand, prices, host) for host in HOSTS)


def on_host(shape: Shape, needs: Needs, demand: Demand, prices: PriceList, host: str) -> Hosted:
    """Return a pattern on one host with everything that speaks against it."""
    planned = plan_for(shape, demand)
    plan = sized(shape, demand, Setting.of(needs, host))
    observed = host != MACHINE or needs.stage != "prototype"
    promised = promise(plan, needs.cloud, host)
    obstacles = [*_capacity_obstacles(host, planned, Workload(plan, demand, observed), needs, prices)]
    holds = not obstacles
    target = needs.availability / 100
    binding = "availability" not in needs.assumed or (host in (MACHINE, PLATFORM) and not is_relaxed(needs))
    if binding and not within_reach(promised, target):
        obstacles.append(f"{promised:.2%} promised, {needs.availability:g}% required")
    available = availability(plan, needs.cloud, host)
    return Hosted(host, plan, promised, available, observed, holds, tuple(obstacles))


def _capacity_obstacles(
    host: str, planned: CapacityPlan, work: Workload, needs: Needs, prices: PriceList
) -> Iterator[str]:
    plan = work.plan
    if host == MACHINE:
        maximum = constants("machine", "cost")["maximum_data_gb"]
        if smallest_machine(work, prices.machines[needs.cloud]) is None:
            yield "the load or the memory exceeds one machine"
        if used_gb(plan) > maximum:
            yield f"more than {maximum:,} GB of data on one machine"
    if host == PLATFORM:
        sizes = prices.of(needs.cloud, "platform_database").sizes
        if plan.broker:
            yield "the log broker must run elsewhere"
        if sizes and max(d.storage_gb for d in plan.databases) > sizes[-1][0]:
            yield f"more than {sizes[-1][0]:,.0f} GB of data"
        if _peak_replicas(planned) > constants("hosts", "cost")["platform_replicas"]:
            yield "too many processes for a platform"
