"""Capacity model: from demand to replicas and pools, latency and availability."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from blueprint.advise.capacity_plan import CapacityPlan, Database, Demand, Service, Shape
from blueprint.advise.datafiles import constants
from blueprint.advise.latency import early_share, flow_latency, is_measured
from blueprint.advise.profiles import Profile, default_profiles
from blueprint.advise.queueing import in_flight
from blueprint.advise.request_mix import cpu_per_request, mean_latency, request_mix
from blueprint.advise.scaling import replicas_for, replicated
from blueprint.advise.stores import broker_for, cache_for, database_for, event_cpu_ms

USES_DATABASE = ("cart", "read", "order", "login")


@lru_cache(maxsize=8192)
def plan_for(shape: Shape, demand: Demand) -> CapacityPlan:
    """Return the capacity plan of a pattern with this shape under this demand."""
    profile = profile_of(shape)
    pace = pace_of(demand)
    works = part_works(profile, shape, demand, pace)
    millicores = replica_millicores(works, demand.availability)
    services = tuple(_service(work, profile, demand, millicores, pace) for work in works)
    cache = cache_for(demand)
    hit_rate = cache.hit_rate if cache else 0.0
    broker = broker_for(shape, demand, max(service.workers_at_peak for service in services))
    copies = standby_copies(shape, demand)
    queued = broker is not None

    def databases(hits: float) -> tuple[Database, ...]:
        shares = module_shares(shape.databases, demand.scale_skew)
        return tuple(database_for(profile, demand, share, hits, copies, queued) for share in shares)

    uncached = databases(0.0)
    latency = flow_latency(profile, shape, demand, [service.utilization for service in services], pace)
    return CapacityPlan(
        services=services,
        cpu_millicores=millicores,
        memory_mib=_memory(profile, shape),
        databases=databases(hit_rate) if hit_rate else uncached,
        uncached_databases=uncached,
        cache=cache,
        broker=broker,
        chain=links_of(shape, demand),
        p95_ms=latency.needed_ms,
        answer_ms=latency.answer_ms,
        settled_ms=latency.end_ms,
        availability=_availability(shape, demand),
    )


def profile_of(shape: Shape, measured: Mapping[str, Profile] | None = None) -> Profile:
    """Return the measured profile of a pattern; without one, that of the built-in pattern most like it."""
    if shape.profile is not None:
        return shape.profile
    name = "microservices" if shape.chained else "event-driven" if shape.broker else "monolith"
    return (measured or default_profiles())[name]


def pace_of(demand: Demand) -> float:
    """Return the factor on all measured times: a given service time over that of the measured monolith."""
    if demand.service_ms is None:
        return 1.0
    usual = mean_latency(default_profiles()["monolith"], mix_of(demand))
    return demand.service_ms / usual


def mix_of(demand: Demand) -> Mapping[str, float]:
    """Return the share of each kind of request in a demand."""
    return request_mix(demand.read_fraction, demand.several_modules_share)


def module_shares(parts: int, skew: float) -> list[float]:
    """Return the load shares, falling geometrically from the busiest part to the quietest, by `skew`."""
    weights = [skew ** -(number / max(1, parts - 1)) for number in range(parts)]
    total = sum(weights)
    return [weight / total for weight in weights]


class PartWork(NamedTuple):
    """Work of a deployable: CPU in ms per request at the edge, and busy cores at the mean and at the peak.

    `worker_share` is the part of it that is done by workers, which only handle events; without workers, None.
    """

    name: str
    cpu_ms: float
    cores_mean: float
    cores_peak: float
    worker_share: float | None = None

    @property
    def busiest_share(self) -> float:
        """Part of the work that is done by the busier of the two kinds of processes."""
        return max(self.worker_share or 0.0, 1 - (self.worker_share or 0.0))


def part_works(profile: Profile, shape: Shape, demand: Demand, pace: float) -> list[PartWork]:
    """Return the work of each part, as measured; parts that were not measured share it by the scale skew."""
    per_request, rest = _measured_work(
        profile, shape, demand.read_fraction, demand.several_modules_share, demand.scale_skew
    )
    events = in_flight(demand.events_per_s, pace * event_cpu_ms(demand.workload) / 1000)
    works = []
    for name, cpu, idle, share in zip(
        shape.parts, per_request, rest, _event_shares(shape, per_request), strict=True
    ):
        fixed = events * share + idle / 1000
        mean, peak = (in_flight(rate, pace * cpu / 1000) for rate in (demand.mean_rps, demand.peak_rps))
        worker_share = _worker_share(profile, shape, name, mix_of(demand)) if name in shape.workers else None
        works.append(PartWork(name, pace * cpu, mean + fixed, peak + fixed, worker_share))
    return works


def _worker_share(profile: Profile, shape: Shape, part: str, mix: Mapping[str, float]) -> float:
    """Return the part of a service's work that its workers do: that of orders after they were answered."""
    everything = cpu_per_request(profile, part, mix)
    if not everything or not is_measured(profile, shape):
        return 0.5
    after_answer = mix["order"] * profile.cpu_of("order", (part,)) * (1 - early_share(profile))
    return after_answer / everything


@lru_cache(maxsize=1024)
def _measured_work(
    profile: Profile, shape: Shape, read_fraction: float, several_modules: float | None, skew: float
) -> tuple[Sequence[float], Sequence[float]]:
    """Return the CPU time of each part in ms per request, and in ms per second at rest."""
    mix = request_mix(read_fraction, several_modules)
    measured = is_measured(profile, shape)
    parts = shape.parts if measured else profile.parts
    requests = [cpu_per_request(profile, part, mix) for part in parts]
    rest = [profile.rest_cpu_ms.get(part, 0.0) for part in parts]
    if measured:
        return requests, rest
    shares = module_shares(len(shape.parts), skew)
    return [sum(requests) * share for share in shares], [sum(rest) * share for share in shares]


def _event_shares(shape: Shape, requests: Sequence[float]) -> list[float]:
    """Return the share of the events in each part: with a broker, the last part consumes them all."""
    if shape.broker and len(shape.parts) > 1:
        return [0.0] * (len(shape.parts) - 1) + [1.0]
    total = sum(requests)
    return [cpu / total for cpu in requests]


def replica_millicores(works: Sequence[PartWork], availability: float) -> int:
    """Return the CPU request of a replica: the smallest size with which the busiest part has few replicas."""
    r = constants("replica")
    busiest = max(work.cores_peak * work.busiest_share for work in works)
    for size in r["cpu_millicores"]:
        if replica_bounds(0, busiest / _cores(size), availability).at_peak <= r["few"]:
            return int(size)
    return int(r["cpu_millicores"][-1])


def _cores(millicores: float) -> float:
    """Return the cores that a replica with this CPU request uses at the target of the autoscaler."""
    return millicores / 1000 * float(constants("replica")["utilization"])


def _service(work: PartWork, profile: Profile, demand: Demand, millicores: int, pace: float) -> Service:
    slots_mean, slots_peak = (cores / _cores(millicores) for cores in (work.cores_mean, work.cores_peak))
    has_workers, share = work.worker_share is not None, work.worker_share or 0.0
    serving, working = (
        replica_bounds(slots_mean * part, slots_peak * part, demand.availability)
        for part in (1 - share, share)
    )
    # Both have the same bounds, because the generated project has one option for them.
    fewest = max(serving.at_mean, working.at_mean)
    at_peak = max(fewest, serving.at_peak)
    busy_ms = pace * connection_ms(work.name, profile, demand.read_fraction, demand.several_modules_share)
    held = in_flight(demand.peak_rps, busy_ms / 1000) / at_peak
    return Service(
        name=work.name,
        cpu_ms=work.cpu_ms,
        cores_mean=work.cores_mean,
        cores_peak=work.cores_peak,
        slots_mean=max(1, math.ceil(slots_mean)),
        slots_peak=max(1, math.ceil(slots_peak)),
        replicas=fewest,
        replicas_at_peak=at_peak,
        max_replicas=max(serving.most, working.most),
        workers=fewest if has_workers else 0,
        workers_at_peak=max(fewest, working.at_peak) if has_workers else 0,
        pool_size=_pool(held),
        # More load adds replicas, so a process is never busier than the autoscaler's target.
        utilization=min(
            _cores(millicores), work.busiest_share * work.cores_peak / fewest_replicas(demand.availability)
        ),
    )


class ReplicaBounds(NamedTuple):
    """Replicas at the mean rate, at the peak, and at most."""

    at_mean: int
    at_peak: int
    most: int


def replica_bounds(slots_mean: float, slots_peak: float, availability: float) -> ReplicaBounds:
    """Return the replicas for this many at the target utilization, with a spare one.

    `availability` is the target as a share.
    """
    floor = fewest_replicas(availability)
    at_mean, at_peak = (max(floor, math.ceil(slots) + 1) for slots in (slots_mean, slots_peak))
    return ReplicaBounds(at_mean, at_peak, math.ceil(constants("replica")["headroom"] * at_peak))


@lru_cache(maxsize=256)
def fewest_replicas(availability: float) -> int:
    """Return the fewest replicas of a part for this target availability, as a share."""
    r = constants("replica")
    least = r["minimum_strict"] if availability >= r["strict_from"] else r["minimum"]
    return int(max(least, replicas_for(availability, r["availability"])))


@lru_cache(maxsize=1024)
def connection_ms(part: str, profile: Profile, read_fraction: float, several_modules: float | None) -> float:
    """Return for how long an average request holds a connection of a part, at most: its whole time, in ms."""
    mix = request_mix(read_fraction, several_modules)
    asked = [k for k in USES_DATABASE if part not in profile.memory_mib or profile.cpu_of(k, (part,)) > 0]
    return sum(mix[kind] * profile.unloaded_ms.get(kind, {}).get("mean", 0.0) for kind in asked)


def _pool(held: float) -> int:
    """Return the connections of one replica that holds `held` on average: twice those, within bounds."""
    d = constants("database")
    size = math.ceil(2 * held / constants("replica")["utilization"])
    return int(min(d["pool_maximum"], max(d["pool_minimum"], size)))


@lru_cache(maxsize=64)
def _memory(profile: Profile, shape: Shape) -> int:
    """Return the memory of a replica in MiB: what the largest process was measured to need, and headroom."""
    r = constants("replica")
    names = shape.parts if is_measured(profile, shape) else profile.parts
    needed = r["memory_headroom"] * max(profile.memory_mib[name] for name in names)
    return int(max(r["memory_minimum_mib"], math.ceil(needed / r["memory_step_mib"]) * r["memory_step_mib"]))


def links_of(shape: Shape, demand: Demand) -> int:
    """Return how many parts take part in the longest flow."""
    return shape.links or (demand.chain if shape.chained else 1)


def _serial_parts(shape: Shape, demand: Demand) -> int:
    """Return how many parts must be up for a response: the load balancer, and each link with its database."""
    links = links_of(shape, demand)
    return 1 + links + min(shape.databases, links)


def standby_copies(shape: Shape, demand: Demand) -> int:
    """Return how many copies each serial part of a response needs for the target availability."""
    r, parts = constants("replica"), _serial_parts(shape, demand)
    return replicas_for(min(demand.availability ** (1 / parts), r["common_mode"]), r["availability"])


def _availability(shape: Shape, demand: Demand) -> float:
    """Return the availability of the longest synchronous chain with the standby copies for the target."""
    r = constants("replica")
    single = replicated(r["availability"], max(2, standby_copies(shape, demand)), r["common_mode"])
    return float(single ** _serial_parts(shape, demand))
