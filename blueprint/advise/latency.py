"""Latency of the longest flow: the measured time of a quiet shop and the time in queues.

One replica is one process with one event loop, which its requests share. So each process delays a request by
its own CPU time there and by how busy the process is.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from blueprint.advise.capacity_plan import Demand, Shape
from blueprint.advise.datafiles import constants
from blueprint.advise.profiles import Profile
from blueprint.advise.queueing import quantile_of_sum, sharing_delay

MODULES_OF_AN_ORDER = 3
"""Modules of the measured order: orders, inventory and payments."""

AFTER_THE_END = ("cart", "notifications", "analytics")
"""Services that do not take part in an order, but consume its events: no customer waits for them."""


class FlowLatency(NamedTuple):
    """p95 in ms at the load balancer: to the answer, to the end of the flow, and of the one that it needs."""

    answer_ms: float
    end_ms: float
    needed_ms: float


def flow_latency(
    profile: Profile, shape: Shape, demand: Demand, utilization: Sequence[float], pace: float = 1.0
) -> FlowLatency:
    """Return the latency of the longest flow if the processes of each part are busy for these shares."""

    trip = constants("service")["round_trip_ms"]

    def p95(kind: str, busy: Sequence[float] = utilization) -> float:
        return latency_of(profile, shape, kind, busy, pace, round_trip_ms=trip)

    one_module = p95("cart")
    if demand.chain == 1:
        return FlowLatency(one_module, one_module, one_module)
    order = p95("order_end")
    # Between a write in one module and the order of three modules, each module adds the same time.
    within = min(demand.chain, MODULES_OF_AN_ORDER) - 1
    end = one_module + within * max(0.0, order - one_module) / (MODULES_OF_AN_ORDER - 1)
    beyond = demand.chain - 1 - within
    if beyond:
        # A further module adds its quiet time, and is delayed as much as a module of an order on average.
        idle = [0.0] * len(utilization)
        quiet = p95("order_end", idle)
        added = max(0.0, quiet - p95("cart", idle)) / (MODULES_OF_AN_ORDER - 1)
        end += beyond * (added + (order - quiet) / MODULES_OF_AN_ORDER)
    # A flow over several services is answered when its first service has accepted it.
    answer = min(end, p95("order")) if shape.chained or shape.broker else end
    return FlowLatency(answer, end, end if demand.needs_end else answer)


def latency_of(
    profile: Profile,
    shape: Shape,
    kind: str,
    utilization: Sequence[float],
    pace: float = 1.0,
    percentile: int = 95,
    round_trip_ms: float = 0.0,
) -> float:
    """Return a percentile in ms of one kind of request: measured in a quiet shop, and its delay in each part.

    `order` is the kind of an order until its answer, `order_end` until its end. `pace` scales every measured
    time. All measurements are on one machine, so `round_trip_ms` is added for each database statement, and
    twice between the load balancer and the process.
    """
    request = "order" if kind == "order_end" else kind
    everything = cpu_by_part(profile, shape, request)
    work = [
        0.0 if request == "order" and part in AFTER_THE_END else cpu
        for part, cpu in zip(shape.parts, everything, strict=True)
    ]
    waited_for = sum(work) / sum(everything) if sum(everything) else 1.0
    done = early_share(profile) if kind == "order" else 1.0
    delays = [sharing_delay(pace * done * cpu, busy) for cpu, busy in zip(work, utilization, strict=True)]
    quiet = pace * profile.unloaded_ms[kind][f"p{percentile}"]
    trips = 2 + done * waited_for * profile.statements.get(request, 0.0)
    return quiet + quantile_of_sum(delays, percentile / 100) + trips * round_trip_ms


def early_share(profile: Profile) -> float:
    """Return the part of the work of an order that a quiet shop has done when it answers."""
    return profile.unloaded_ms["order"]["p50"] / profile.unloaded_ms["order_end"]["p50"]


@lru_cache(maxsize=256)
def cpu_by_part(profile: Profile, shape: Shape, kind: str) -> Sequence[float]:
    """Return the CPU time in ms of one request of this kind in each part of a pattern.

    A pattern whose parts were not measured divides that of the measured shop among them.
    """
    if is_measured(profile, shape):
        return [profile.cpu_of(kind, (part,)) for part in shape.parts]
    return [profile.cpu_of(kind, profile.parts) / len(shape.parts)] * len(shape.parts)


def is_measured(profile: Profile, shape: Shape) -> bool:
    """Whether the parts of the pattern are those of the measured shop."""
    return set(shape.parts) <= set(profile.parts)
