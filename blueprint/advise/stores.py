"""Sizes of the data stores: database, cache and broker."""

import math

from blueprint.advise.caching import hit_rate
from blueprint.advise.capacity_plan import Broker, Cache, Database, Demand, Shape
from blueprint.advise.datafiles import constants, load
from blueprint.advise.scaling import partitions, usl

SECONDS_PER_DAY = 86_400


def database_for(demand: Demand, share: float, hits: float, copies: int, broker: bool) -> Database:
    """Return the database for `share` of the load, with a cache that answers the share `hits` of the reads.

    It is the smallest server that stays within 60% utilization. Beyond the largest one, reads that may lag go
    to read replicas, and everything else to shards.
    """
    c = constants("database")
    events = demand.events_per_s * (constants("broker")["write_share"][demand.workload] if broker else 1.0)
    reads = demand.peak_rps * demand.read_fraction * share * (1 - hits)
    writes = (demand.peak_rps * (1 - demand.read_fraction) + events) * share
    vcpu, capacity = _server(reads + writes)
    usable = capacity * constants("replica")["utilization"]
    bound = writes + reads * (1 - demand.replica_read_share)
    shards = max(1, math.ceil(bound / usable))
    servers = max(shards, math.ceil((reads + writes) / usable))
    return Database(
        vcpu=vcpu,
        servers=max(servers, shards * copies),
        read_replicas=servers - shards,
        shards=shards,
        standby=copies > 1,
        reads_per_s=reads,
        writes_per_s=writes,
        capacity_per_s=capacity,
        storage_gb=(demand.data_gb + c["storage_months"] * demand.growth_gb_month) * share,
    )


def _server(load: float) -> tuple[int, float]:
    """Return vCPU and capacity of the smallest server for `load` statements/s, or else of the largest."""
    c = constants("database")
    for vcpu in c["sizes_vcpu"]:
        capacity = usl(vcpu, c["one_vcpu_per_s"], c["contention"], c["coherency"])
        if load <= capacity * constants("replica")["utilization"]:
            break
    return vcpu, capacity


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


def broker_for(shape: Shape, demand: Demand) -> Broker | None:
    """Return a log broker if the pattern has one or the event rate requires one (gate G6), else None."""
    if not shape.broker and demand.events_per_s < load("model")["gates"]["G6"]["events_per_s"]:
        return None
    c, rate = constants("broker"), demand.events_per_s
    handling = constants("service")["consumer_ms"][demand.workload] / 1000
    utilization = constants("replica")["utilization"]
    topics = partitions(rate, c["per_partition_per_s"], handling, utilization, c["headroom"])
    megabytes = rate * demand.payload_kb / 1000 * c["replication"]
    return Broker(
        nodes=max(c["replication"], math.ceil(megabytes / c["per_broker_mb_s"])),
        partitions=max(c["minimum_partitions"], topics),
        replication=c["replication"],
        minimum_in_sync=c["minimum_in_sync"],
        storage_gb=megabytes / 1000 * demand.kafka_retention_days * SECONDS_PER_DAY,
    )
