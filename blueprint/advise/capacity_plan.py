"""Capacity plan: the deployables, databases, cache and broker of a pattern with their sizes."""

from typing import NamedTuple

from blueprint.needs.model import Needs


class Shape(NamedTuple):
    """Deployment shape of a pattern: the `capacity:` hints of its pattern.yaml.

    `parts` are the deployables that share the load, busiest first. `chained` says whether the longest flow
    calls its modules one after the other over the network, `broker` whether there is a log broker.
    """

    parts: tuple[str, ...] = ("app",)
    databases: int = 1
    chained: bool = False
    broker: bool = False


class Demand(NamedTuple):
    """Inputs of the capacity model: rates per second, target p95 in ms, target availability as a share.

    `service_ms` is the measured service time, or None for the default. `kafka_retention_days` is how long a
    log broker keeps events, `cdn` whether a content delivery network answers cacheable reads.
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
    p95_ms: float
    service_ms: float | None
    chain: int
    replica_read_share: float
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
            needs.p95_ms,
            needs.service_ms,
            len(needs.chain),
            needs.replica_read_share,
            needs.kafka_retention_days,
            needs.cdn,
        )


class Service(NamedTuple):
    """A deployable with its rates, worker slots and replicas.

    Slots hold the load at the mean and at the peak rate. `replicas` and `max_replicas` are the bounds of the
    autoscaler.
    """

    name: str
    mean_rps: float
    peak_rps: float
    service_ms: float
    slots_mean: int
    slots_peak: int
    replicas: int
    replicas_at_peak: int
    max_replicas: int
    pool_size: int
    wait_p95_ms: float


class Database(NamedTuple):
    """A database with its servers; rates are statement groups per second at the peak.

    `logical` counts the databases that share the servers. A `memory_class` server has twice the memory per
    vCPU, a `small` one shares its processor and suits prototypes.
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
    `chain` counts the services of the longest flow, `variation` is (ca2 + cs2) / 2 of the queues.
    """

    services: tuple[Service, ...]
    databases: tuple[Database, ...]
    uncached_databases: tuple[Database, ...]
    cache: Cache | None
    broker: Broker | None
    chain: int
    variation: float
    p95_ms: float
    settled_ms: float
    availability: float

    @property
    def single(self) -> bool:
        """Whether there is one copy of everything, on one machine."""
        return all(service.max_replicas == 1 for service in self.services)
