"""Latency of the longest flow: the measured time of a quiet shop and the time in queues.

One replica is one process with one event loop, so its queue has one server. A flow waits in the queue of each
process that it needs for as long as a request with the flow's own CPU time would.
"""

from collections.abc import Sequence
from typing import NamedTuple

from blueprint.advise.capacity_plan import Demand, Shape
from blueprint.advise.datafiles import constants
from blueprint.advise.profiles import Profile
from blueprint.advise.queueing import wait_quantile

MODULES_OF_AN_ORDER = 3
"""Modules of the measured order: orders, inventory and payments."""


class FlowLatency(NamedTuple):
    """p95 in ms at the load balancer: to the answer, to the end of the flow, and of the one that it needs."""

    answer_ms: float
    end_ms: float
    needed_ms: float


def flow_latency(
    profile: Profile, shape: Shape, demand: Demand, utilization: Sequence[float], pace: float = 1.0
) -> FlowLatency:
    """Return the latency of the longest flow if the processes of each part are busy for these shares."""
    variation = arrival_variation(demand)

    def p95(kind: str) -> float:
        return latency_of(profile, shape, kind, utilization, variation, pace)

    one_module, order = p95("cart"), p95("order_end")
    # Between a write in one module and the order of three modules, each module adds the same time.
    module = max(0.0, order - one_module) / (MODULES_OF_AN_ORDER - 1)
    end = one_module + (demand.chain - 1) * module
    # A flow over several services is answered when its first service has accepted it.
    early = demand.chain > 1 and (shape.chained or shape.broker)
    answer = min(end, p95("order")) if early else end
    trip = constants("service")["round_trip_ms"]
    network = 2 * trip
    hops = (demand.chain - 1) * trip if shape.chained or shape.broker else 0.0
    answered, ended = answer + network, end + network + hops
    return FlowLatency(answered, ended, ended if demand.needs_end else answered)


def latency_of(
    profile: Profile,
    shape: Shape,
    kind: str,
    utilization: Sequence[float],
    variation: float,
    pace: float = 1.0,
    percentile: int = 95,
) -> float:
    """Return a percentile in ms of one kind of request: measured in a quiet shop, and its wait in each part.

    `order_end` is the kind of an order until its end. A sum of percentiles overestimates, so the error is on
    the safe side.
    """
    work = cpu_by_part(profile, shape, "order" if kind == "order_end" else kind)
    waits = [
        wait_in_queue(pace * cpu, busy, variation, percentile / 100)
        for cpu, busy in zip(work, utilization, strict=True)
    ]
    return pace * profile.unloaded_ms[kind][f"p{percentile}"] + sum(waits)


def cpu_by_part(profile: Profile, shape: Shape, kind: str) -> list[float]:
    """Return the CPU time in ms of one request of this kind in each part of a pattern.

    A pattern whose parts were not measured divides that of the measured shop among them.
    """
    if is_measured(profile, shape):
        return [profile.cpu_of(kind, (part,)) for part in shape.parts]
    return [profile.cpu_of(kind, profile.parts) / len(shape.parts)] * len(shape.parts)


def is_measured(profile: Profile, shape: Shape) -> bool:
    """Whether the parts of the pattern are those of the measured shop."""
    return set(shape.parts) <= set(profile.parts)


def wait_in_queue(work_ms: float, utilization: float, variation: float, share: float) -> float:
    """Return the `share` quantile in ms of the wait for a process that is busy for this share of the time."""
    if work_ms <= 0:
        return 0.0
    return wait_quantile(1, utilization / work_ms, work_ms, share, variation)


def arrival_variation(demand: Demand) -> float:
    """Return (ca2 + cs2) / 2, the factor of Allen and Cunneen (1978)."""
    c = constants("service")
    bursty = demand.peak_rps / demand.mean_rps >= c["bursty_from"]
    arrivals = c["variation_arrival_bursty"] if bursty else c["variation_arrival"]
    return float(arrivals + c["variation_service"]) / 2
