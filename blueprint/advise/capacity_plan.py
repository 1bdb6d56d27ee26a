"""What a pattern would need: its deployables, database, cache and broker with their sizes."""

from typing import NamedTuple

from blueprint.needs.model import Needs


class Shape(NamedTuple):
    """How a pattern is cut, as far as capacity is concerned (a template author's `capacity:` hints).

    `parts` are the deployables that share the load, busiest first; `chained` says whether the longest flow
    calls its modules one after the other over the network; `broker` whether a log broker is part of it.
    """

    parts: tuple[str, ...] = ("app",)
    databases: int = 1
    chained: bool = False
    broker: bool = False


class Demand(NamedTuple):
    """What sizes depend on: rates per second, the target p95 in ms, the target availability as a share.

    `service_ms` is the measured service time, or None for the default.
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

    @classmethod
    def of(cls, needs: Needs) -> "Demand":
        """The demand that these needs place on any pattern."""
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
        )


class Service(NamedTuple):
    """One deployable. Replicas are the HPA's bounds; slots are busy workers at the mean and the peak rate."""

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
    """One logical database: its size, standby and read replicas; statement groups per second at the peak."""

    vcpu: int
    servers: int
    read_replicas: int
    shards: int
    standby: bool
    reads_per_s: float
    writes_per_s: float
    capacity_per_s: float
    storage_gb: float


class Cache(NamedTuple):
    """A shared cache: memory, how many items fit and the share of reads that it answers."""

    memory_mib: int
    items: int
    hit_rate: float
    nodes: int


class Broker(NamedTuple):
    """A log broker with its topic's partitions and replication."""

    nodes: int
    partitions: int
    replication: int
    minimum_in_sync: int
    storage_gb: float


class CapacityPlan(NamedTuple):
    """Everything a pattern would run. `cache` is what one would look like; cost decides whether it is taken.

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
