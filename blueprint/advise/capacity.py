"""Capacity model: from demand to replicas and pools, latency and availability."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from blueprint.advise.capacity_plan import CapacityPlan, Demand, Service, Shape
from blueprint.advise.datafiles import constants
from blueprint.advise.queueing import in_flight, servers_within, wait_quantile
from blueprint.advise.scaling import replicas_for, replicated
from blueprint.advise.stores import broker_for, cache_for, database_for

P95 = 0.95


@lru_cache(maxsize=8192)
def plan_for(shape: Shape, demand: Demand) -> CapacityPlan:
    """Return the capacity plan of a pattern with this shape under this demand."""
    shares = part_shares(shape, demand.scale_skew)
    services = tuple(
        _service(name, share, shape, demand) for name, share in zip(shape.parts, shares, strict=True)
    )
    cache = cache_for(demand)
    hit_rate = cache.hit_rate if cache else 0.0
    broker = broker_for(shape, demand)
    copies = standby_copies(demand, _serial_parts(shape, demand))
    split = module_shares(shape.databases, demand.scale_skew)
    p95 = chain_p95([service.wait_p95_ms for service in services], shape, demand)
    return CapacityPlan(
        services=services,
        databases=tuple(database_for(demand, share, hit_rate, copies, broker is not None) for share in split),
        uncached_databases=tuple(
            database_for(demand, share, 0.0, copies, broker is not None) for share in split
        ),
        cache=cache,
        broker=broker,
        chain=demand.chain if shape.chained else 1,
        variation=_variation(demand),
        p95_ms=p95,
        settled_ms=_settled_p95(p95, shape, demand),
        availability=_availability(shape, demand),
    )


def module_shares(parts: int, skew: float) -> list[float]:
    """Return the load shares, falling geometrically from the busiest part to the quietest, by `skew`."""
    weights = [skew ** -(number / max(1, parts - 1)) for number in range(parts)]
    total = sum(weights)
    return [weight / total for weight in weights]


class RequestWork(NamedTuple):
    """Service time of one request in ms: on average, and for each of the `links` of the longest chain."""

    mean_ms: float
    link_ms: float
    links: int


def request_work(shape: Shape, demand: Demand) -> RequestWork:
    """Return the service times: one process works for all modules of a flow, a chained service for one.

    A measured service time of one module scales all of them.
    """
    c = constants("service")
    single = c["framework_ms"] + c["module_ms"]
    pace = demand.service_ms / single if demand.service_ms else 1.0
    if shape.chained:
        link = pace * (single + c["hop_ms"])
        return RequestWork(link, link, demand.chain)
    modules = 1 if shape.broker else demand.chain
    return RequestWork(pace * single, pace * (c["framework_ms"] + modules * c["module_ms"]), 1)


class LoadShares(NamedTuple):
    """Share of the requests at the edge, and share of the events, that a deployable handles."""

    requests: float
    events: float


def part_shares(shape: Shape, skew: float) -> list[LoadShares]:
    """Return the load shares; with a broker, the first part answers requests and the others handle events."""
    parts = len(shape.parts)
    if not shape.broker or parts == 1:
        return [LoadShares(share, share) for share in module_shares(parts, skew)]
    return [LoadShares(1.0, 0.0), *(LoadShares(0.0, share) for share in module_shares(parts - 1, skew))]


def _service(name: str, share: LoadShares, shape: Shape, demand: Demand) -> Service:
    c, r = constants("service"), constants("replica")
    calls = c["internal_calls"] if shape.chained else 1.0
    work = request_work(shape, demand)
    seconds = work.mean_ms / 1000
    events = in_flight(demand.events_per_s * share.events, c["consumer_ms"][demand.workload] / 1000) / seconds
    mean, peak = (rate * share.requests * calls + events for rate in (demand.mean_rps, demand.peak_rps))
    variation = _variation(demand)
    links = work.links
    budget = (demand.p95_ms - c["round_trip_ms"] * (links + 1)) / links - work.link_ms * c["p95_factor"]
    sizing = (seconds, r["utilization"], max(budget, 1.0) / 1000, P95, variation)
    slots_mean, slots_peak = servers_within(mean, *sizing), servers_within(peak, *sizing)
    bounds = replica_bounds(slots_mean, slots_peak, demand.availability)
    return Service(
        name=name,
        mean_rps=mean,
        peak_rps=peak,
        service_ms=work.mean_ms,
        slots_mean=slots_mean,
        slots_peak=slots_peak,
        replicas=bounds.at_mean,
        replicas_at_peak=bounds.at_peak,
        max_replicas=bounds.most,
        pool_size=_pool(peak / bounds.at_peak),
        wait_p95_ms=1000 * wait_quantile(slots_peak, peak, seconds, P95, variation),
    )


class ReplicaBounds(NamedTuple):
    """Replicas at the mean rate, at the peak, and at most."""

    at_mean: int
    at_peak: int
    most: int


def replica_bounds(slots_mean: float, slots_peak: float, availability: float) -> ReplicaBounds:
    """Return the replicas for these worker slots and target availability (a share), including a spare one."""
    r = constants("replica")
    least = r["minimum_strict"] if availability >= r["strict_from"] else r["minimum"]
    floor = max(least, replicas_for(availability, r["availability"]))
    at_mean, at_peak = (max(floor, math.ceil(slots / r["workers"]) + 1) for slots in (slots_mean, slots_peak))
    return ReplicaBounds(at_mean, at_peak, math.ceil(r["headroom"] * at_peak))


def _variation(demand: Demand) -> float:
    """Return (ca2 + cs2) / 2, the factor of Allen and Cunneen (1978)."""
    c = constants("service")
    bursty = demand.peak_rps / demand.mean_rps >= c["bursty_from"]
    arrivals = c["variation_arrival_bursty"] if bursty else c["variation_arrival"]
    return float(arrivals + c["variation_service"]) / 2


def _pool(rate: float) -> int:
    """Return the connections of one replica at `rate` req/s: twice those in use, within bounds."""
    d = constants("database")
    busy = in_flight(rate, d["transaction_ms"] / 1000) / constants("replica")["utilization"]
    return int(min(d["pool_maximum"], max(d["pool_minimum"], math.ceil(2 * busy))))


def chain_p95(waits: Sequence[float], shape: Shape, demand: Demand) -> float:
    """Return the p95 at the load balancer in ms: the sum of the p95 of all links and their round trips.

    A sum of percentiles overestimates, so the error is on the safe side. `waits` are the p95 of the time in
    the queue of each service, in ms. A chain has the longest of them; otherwise the first service answers.
    """
    c = constants("service")
    work = request_work(shape, demand)
    longest = sorted(waits, reverse=True)
    wait = sum(longest[link % len(longest)] for link in range(work.links)) if shape.chained else waits[0]
    return float(work.links * work.link_ms * c["p95_factor"] + wait + (work.links + 1) * c["round_trip_ms"])


def _settled_p95(answered: float, shape: Shape, demand: Demand) -> float:
    """Return the p95 in ms until every module has finished; a broker adds time after the response."""
    if not shape.broker or shape.chained:
        return answered
    c = constants("service")
    return float(
        answered
        + max(0, demand.chain - 1)
        * (c["broker_hop_ms"] + c["consumer_ms"][demand.workload] * c["p95_factor"])
    )


def _serial_parts(shape: Shape, demand: Demand) -> int:
    """Return how many parts must be up for a response: the load balancer, and each link with its database."""
    links = demand.chain if shape.chained else 1
    return 1 + links + min(shape.databases, links)


def standby_copies(demand: Demand, parts: int) -> int:
    """Return how many copies each of `parts` serial parts needs for the target availability."""
    r = constants("replica")
    return replicas_for(min(demand.availability ** (1 / parts), r["common_mode"]), r["availability"])


def _availability(shape: Shape, demand: Demand) -> float:
    """Return the availability of the longest synchronous chain with the standby copies for the target."""
    r = constants("replica")
    parts = _serial_parts(shape, demand)
    single = replicated(r["availability"], max(2, standby_copies(demand, parts)), r["common_mode"])
    return float(single**parts)
