"""Sizes of the data stores: database, cache and broker."""

import math
from functools import cache, lru_cache
from typing import NamedTuple

from blueprint.advise.caching import hit_rate
from blueprint.advise.capacity_plan import Broker, Cache, Database, Demand, Shape
from blueprint.advise.datafiles import constants, load
from blueprint.advise.profiles import Profile, default_profiles
from blueprint.advise.queueing import in_flight
from blueprint.advise.request_mix import write_mix
from blueprint.advise.scaling import partitions, usl

SECONDS_PER_DAY = 86_400


def database_for(
    profile: Profile, demand: Demand, share: float, hits: float, copies: int, broker: bool
) -> Database:
    """Return the database for `share` of the load, with a cache that answers the share `hits` of the reads.

    It is the smallest server that stays within 60% utilization. Beyond the largest one, reads that may lag go
    to read replicas, and everything else to shards.
    """
    c = constants("database")
    events = demand.events_per_s * (constants("broker")["write_share"][demand.workload] if broker else 1.0)
    reads = demand.peak_rps * demand.read_fraction * share * (1 - hits)
    writes = (demand.peak_rps * (1 - demand.read_fraction) + events) * share
    storage = (demand.data_gb + c["storage_months"] * demand.growth_gb_month) * share
    cost = database_ms(profile, demand.several_modules_share)
    read_cores, write_cores = in_flight(reads, cost.read / 1000), in_flight(writes, cost.write / 1000)
    cores = read_cores + write_cores
    vcpu, capacity, usable = _server(cores)
    bound = write_cores + read_cores * (1 - demand.replica_read_share)
    shards = max(1, math.ceil(bound / usable))
    servers = max(shards, math.ceil(cores / usable))
    return Database(
        vcpu=vcpu,
        servers=max(servers, shards * copies),
        read_replicas=servers - shards,
        shards=shards,
        standby=copies > 1,
        reads_per_s=reads,
        writes_per_s=writes,
        capacity_per_s=capacity / cores * (reads + writes) if cores else 1000 * capacity / cost.read,
        storage_gb=storage,
    )


class DatabaseCost(NamedTuple):
    """CPU time of the database in ms for a read that no cache answers, and for a write."""

    read: float
    write: float


@lru_cache(maxsize=64)
def database_ms(profile: Profile, several_modules: float | None) -> DatabaseCost:
    """Return what a read and an average write cost the database."""
    writes = write_mix(several_modules)
    cost = sum(share * profile.cpu_of(kind, ("database",)) for kind, share in writes.items())
    least = constants("database")["least_ms"]
    return DatabaseCost(max(least, profile.cpu_of("read", ("database",))), max(least, cost))


@lru_cache(maxsize=16)
def event_cpu_ms(workload: str) -> float:
    """Return the CPU time in ms of a consumer for one event: its own part, and its share of a transaction.

    Of each order, the service notifications handles one event in a transaction, so it was measured for that.
    """
    transaction = default_profiles()["event-driven"].cpu_of("order", ("notifications",))
    share = constants("broker")["write_share"][workload]
    return float(load("demands")["events"]["consumer_ms"] + share * transaction)


class _Server(NamedTuple):
    """Size of a server: its vCPU, its capacity in cores, and the part of it within the utilization."""

    vcpu: int
    capacity: float
    usable: float


def _server(cores: float) -> _Server:
    """Return the smallest server for this work in busy cores, or else the largest."""
    sizes = _servers()
    return next((server for server in sizes if cores <= server.usable), sizes[-1])


@cache
def _servers() -> tuple[_Server, ...]:
    c, utilization = constants("database"), constants("replica")["utilization"]
    capacities = [(vcpu, usl(vcpu, 1.0, c["contention"], c["coherency"])) for vcpu in c["sizes_vcpu"]]
    return tuple(_Server(vcpu, capacity, capacity * utilization) for vcpu, capacity in capacities)


def cache_for(demand: Demand) -> Cache | None:
    """Return a cache for a tenth of the catalog, or None if too few reads would hit."""
    c = constants("cache")
    items = max(1, round(demand.catalogue_items * c["share_of_catalog"]))
    hits = hit_rate(demand.catalogue_items, items, demand.catalogue_skew)
    if hits < c["minimum_hit_rate"] or demand.read_fraction < c["minimum_reads"]:
        return None
    required = items * demand.payload_kb * c["overhead"] / 1024
    largest = c["sizes_mib"][-1]
    memory = next((size for size in c["sizes_mib"] if size >= required), largest)
    nodes = max(1, math.ceil(required / largest))
    return Cache(memory_mib=memory, items=items, hit_rate=hits, nodes=nodes)


def broker_for(shape: Shape, demand: Demand, workers: int) -> Broker | None:
    """Return a log broker if the pattern has one or the event rate requires one (gate G6), else None.

    A topic has at least as many partitions as the most workers of a service: further ones would be idle.
    """
    if not shape.broker and demand.events_per_s < load("model")["gates"]["G6"]["events_per_s"]:
        return None
    c, rate = constants("broker"), demand.events_per_s
    per_partition = load("demands")["events"]["per_partition_per_s"]
    utilization = constants("replica")["utilization"]
    handling = event_cpu_ms(demand.workload) / 1000
    topics = partitions(rate, per_partition, handling, utilization, c["headroom"])
    megabytes = rate * demand.payload_kb / 1000 * c["replication"]
    return Broker(
        nodes=max(c["replication"], math.ceil(megabytes / c["per_broker_mb_s"])),
        partitions=max(c["minimum_partitions"], topics, workers),
        replication=c["replication"],
        minimum_in_sync=c["minimum_in_sync"],
        storage_gb=megabytes / 1000 * demand.kafka_retention_days * SECONDS_PER_DAY,
    )
