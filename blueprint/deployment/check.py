"""A deployment compared with the needs: what it lacks, and what it costs."""

from collections.abc import Iterator
from typing import NamedTuple

from blueprint.advise.candidates import Candidate
from blueprint.advise.capacity import ReplicaBounds
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.cost.lines import Rates
from blueprint.advise.formatting import count_text
from blueprint.advise.hosting.choice import choose_host, on_host
from blueprint.advise.prices import PriceList
from blueprint.advise.providers import CONTAINERS, KUBERNETES
from blueprint.deployment.managed import managed_shortfalls, unpriced
from blueprint.deployment.price import Price, price_of
from blueprint.deployment.requirements import Requirements
from blueprint.deployment.servers import broker_shortfalls, cache_shortfalls, database_shortfalls
from blueprint.deployment.services import Workload, grouped, is_server, workloads_of
from blueprint.deployment.shortfalls import Shortfall, workload_shortfalls
from blueprint.deployment.sizes import Deployed, Pods
from blueprint.deployment.tasks import CLOUD as TASKS_CLOUD
from blueprint.needs.model import Needs


class SizedWorkload(NamedTuple):
    """A workload, and the replicas that it needs at the mean rate and at the peak."""

    workload: Workload
    required: ReplicaBounds


class DeploymentCheck(NamedTuple):
    """A deployment beside the needs, with what it lacks, and notes on what was not compared."""

    pattern: str
    workloads: tuple[SizedWorkload, ...]
    shortfalls: tuple[Shortfall, ...]
    price: Price
    notes: tuple[str, ...]


def check_deployment(
    deployed: Deployed, candidate: Candidate, groups: object, needs: Needs, prices: PriceList
) -> DeploymentCheck:
    """Return how a deployment of a pattern meets some needs; `groups` are the parts that share services."""
    shape, demand = candidate.shape, Demand.of(needs)
    planned = choose_host(shape, needs, demand, prices).hosted
    host = CONTAINERS if deployed.managed else KUBERNETES
    # The files of a container service are those of one cloud.
    cloud = TASKS_CLOUD if deployed.managed else needs.cloud
    hosted = on_host(shape, needs, demand, prices, host)
    estimate = hosted.bill(demand, prices, cloud)
    requirements = Requirements.of(shape, demand, planned.plan)
    workloads = workloads_of(grouped(shape.parts, groups), deployed.pods, shape.workers)
    sized = tuple(SizedWorkload(item, requirements.replicas(item)) for item in workloads)
    required = {pods: item.required for item in sized for pods in item.workload.pods}
    price = price_of(deployed, required, estimate, Rates(prices, cloud, host, "base"))
    low = hosted.bill(demand, prices, cloud, "low").total
    return DeploymentCheck(
        candidate.name,
        sized,
        (
            *_shortfalls(deployed, sized, requirements, cached=estimate.cached),
            *_over_budget(price, low, needs.budget_usd_month),
        ),
        price,
        tuple(_notes(deployed, {*required}, price)),
    )


def _shortfalls(
    deployed: Deployed, sized: tuple[SizedWorkload, ...], requirements: Requirements, *, cached: bool
) -> Iterator[Shortfall]:
    plan = requirements.plan
    for item in sized:
        yield from workload_shortfalls(item.workload, item.required, requirements)
    if deployed.managed:
        has_cache = deployed.managed.cache_nodes > 0
        databases = plan.databases if has_cache else plan.uncached_databases
        yield from managed_shortfalls(deployed.managed, databases, plan.cache, TASKS_CLOUD)
    yield from database_shortfalls(deployed, plan.databases if cached else plan.uncached_databases)
    if cached and plan.cache:
        yield from cache_shortfalls(deployed, plan.cache)
    if plan.broker:
        workers = [item.required.at_peak for item in sized if item.workload.role == "worker"]
        yield from broker_shortfalls(deployed, plan.broker, max(workers, default=1))


def _over_budget(price: Price, low: float, budget: float | None) -> Iterator[Shortfall]:
    """Yield the excess over the budget, if even the low estimate would exceed it."""
    if budget is not None and low + price.difference > budget:
        yield Shortfall(
            "budget",
            "",
            f"the deployment costs at least {low + price.difference:,.0f} USD a month, "
            f"the budget is {budget:,.0f} USD",
            "Lower requests or replicas, or raise the budget in the needs.",
            low + price.difference,
            budget,
            "USD/month",
        )


def _notes(deployed: Deployed, compared: set[Pods], price: Price) -> Iterator[str]:
    others = [pods.name for pods in deployed.pods if pods not in compared and not is_server(pods)]
    if others:
        yield f"only priced, because the model has no demand for them: {', '.join(others)}"
    if price.managed:
        yield f"not in the manifests, so priced as a managed service: {', '.join(price.managed)}"
    if price.inside:
        yield f"in the cluster, where the estimate has a managed service: {', '.join(price.inside)}"
    if deployed.managed and (names := [*unpriced(deployed.managed, TASKS_CLOUD)]):
        yield f"of unknown price, so priced as estimated: {', '.join(names)}"
    for kind, number in sorted(deployed.skipped.items()):
        yield f"skipped: {count_text(number, 'object')} of the unknown kind {kind}"
