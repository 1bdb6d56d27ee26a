"""Capacity plan: the deployables, databases, cache and broker of a pattern with their sizes."""

from typing import NamedTuple

from blueprint.advise.profiles import Profile
from blueprint.needs.model import Needs


class Shape(NamedTuple):
    """Deployment shape of a pattern: the `capacity:` hints of its pattern.yaml.

    `parts` are the deployables that share the load, busiest first. `chained` says whether the longest flow
    calls its modules one after the other over the network, `broker` whether there is a log broker. `workers`
    are the parts that handle their events in processes apart from those that answer requests. `profile` is
    what was measured instead of the figures that come with blueprint. `links` are the parts that take part in
    the longest flow, if that is known: otherwise each of its modules is in another part of a chained pattern.
    """

    parts: tuple[str, ...] = ("app",)
    databases: int = 1
    chained: bool = False
    broker: bool = False
    workers: tuple[str, ...] = ()
    profile: Profile | None = None
    links: int = 0


class Demand(NamedTuple):
    """Inputs of the capacity model: rates per second, target availability as a share.

    `service_ms` is the measured service time, or None for the default. `needs_end` says whether the longest
    flow is done only when all its modules are: otherwise its answer is enough. `kafka_retention_days` is how
    long a log broker keeps events, `cdn` whether a content delivery network answers cacheable reads.
    """

    mean_rps: float
    peak_rps: float
    events_per_s: float
    workload: str
    read_fraction: float
    payload_kb: float
    data_gb: float
    growth_gb_month: float
    catalogue_items: int
    catalogue_skew: float
    scale_skew: float
    availability: float
    service_ms: float | None
    chain: int
    needs_end: bool
    replica_read_share: float
    several_modules_share: float | None
    kafka_retention_days: float
    cdn: bool

    @classmethod
    def of(cls, needs: Needs) -> "Demand":
        """Return the demand of these needs, which is the same for every pattern."""
        return cls(
            needs.mean_rps,
            needs.peak_rps,
            needs.events_per_s,
            needs.workload,
            needs.read_fraction,
            needs.payload_kb,
            needs.data_gb,
            needs.growth_gb_month,
            needs.catalogue_items,
            needs.catalogue_skew,
            needs.scale_skew,
            round(needs.availability / 100, 9),
            needs.service_ms,
            len(needs.chain),
            needs.waits_for_end,
            needs.replica_read_share,
            needs.several_modules_share,
            needs.kafka_retention_days,
            needs.cdn,
        )


class Service(NamedTuple):
    """A deployable with its work, worker processes and replicas.

    `cpu_ms` is CPU time per request at the load balancer, `cores_*` are busy cores. `slots_*` are the worker
    processes, one in each replica, that do this work at the autoscaler's target. `replicas` and
    `max_replicas` are the bounds of the autoscaler. `workers` is the number of further processes that only
    handle events; their autoscaler has the same bounds. `utilization` is the share of the time for which a
    process is busy at the peak.
    """

    name: str
    cpu_ms: float
    cores_mean: float
    cores_peak: float
    slots_mean: int
    slots_peak: int
    replicas: int
    replicas_at_peak: int
    max_replicas: int
    workers: int
    workers_at_peak: int
    pool_size: int
    utilization: float

    @property
    def copies(self) -> int:
        """Processes at the mean rate: those that answer requests, and those that handle events."""
        return self.replicas + self.workers

    @property
    def copies_at_peak(self) -> int:
        """Processes at the peak: those that answer requests, and those that handle events."""
        return self.replicas_at_peak + self.workers_at_peak


class Database(NamedTuple):
    """A database with its servers; rates are requests and writes of events per second at the peak.

    `capacity_per_s` is what one server can do of this mix of reads and writes. `logical` counts the databases
    that share the servers. A `memory_class` server has twice the memory per vCPU, a `small` one shares its
    processor and suits prototypes.
    """

    vcpu: int
    servers: int
    read_replicas: int
    shards: int
    standby: bool
    reads_per_s: float
    writes_per_s: float
    capacity_per_s: float
    storage_gb: float
    logical: int = 1
    memory_class: bool = False
    small: bool = False


class Cache(NamedTuple):
    """A shared cache: its memory, the number of items in it and the share of reads that hit."""

    memory_mib: int
    items: int
    hit_rate: float
    nodes: int


class Broker(NamedTuple):
    """A log broker with the partitions and the replication of its topic; `development` suits prototypes."""

    nodes: int
    partitions: int
    replication: int
    minimum_in_sync: int
    storage_gb: float
    development: bool = False


class CapacityPlan(NamedTuple):
    """Everything that a pattern would run, with its latency and availability.

    The bill decides whether `cache` pays off; without it, `uncached_databases` take the place of `databases`.
    `chain` counts the services of the longest flow. Of this flow, `answer_ms` is the p95 to the answer,
    `settled_ms` to its end, and `p95_ms` the one of the two that it needs.
    """

    services: tuple[Service, ...]
    cpu_millicores: int
    memory_mib: int
    databases: tuple[Database, ...]
    uncached_databases: tuple[Database, ...]
    cache: Cache | None
    broker: Broker | None
    chain: int
    p95_ms: float
    answer_ms: float
    settled_ms: float
    availability: float

    @property
    def single(self) -> bool:
        """Whether everything is on one machine, where no autoscaler adds replicas."""
        return all(service.max_replicas == service.replicas for service in self.services)
