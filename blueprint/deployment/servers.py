"""Needs that the database, cache and log broker in a cluster do not meet."""

import math
from collections.abc import Iterator, Sequence

from blueprint.advise.capacity_plan import Broker, Cache, Database
from blueprint.advise.datafiles import constants
from blueprint.advise.formatting import count_text
from blueprint.deployment.shortfalls import Shortfall
from blueprint.deployment.sizes import Deployed, Pods, is_broker, is_cache, is_database


def database_shortfalls(deployed: Deployed, databases: Sequence[Database]) -> Iterator[Shortfall]:
    """Yield what the database in the cluster lacks; a managed one is not in the manifests."""
    pods = [item for item in deployed.pods if is_database(item)]
    if not pods:
        return
    name = _names(pods)
    servers, running = sum(d.servers for d in databases), sum(item.maximum for item in pods)
    if running < servers:
        yield Shortfall(
            "database-servers",
            name,
            f"the needs take {count_text(servers, 'database server')}, {name} has {running:,}",
            "Use a managed database, or add servers.",
            servers,
            running,
            "servers",
        )
    stored = sum(d.storage_gb for d in databases)
    yield from _volume(
        name, stored, _storage_gb(pods, copies=False) + deployed.volumes_gb, "the data of a year"
    )
    vcpu = max(d.vcpu for d in databases)
    limits = [item.cpu_limit for item in pods if item.cpu_limit is not None]
    if limits and max(limits) < vcpu:
        yield Shortfall(
            "database-cpu",
            name,
            f"the peak needs a database server with {vcpu} vCPU, the limit of {name} is {max(limits):g}",
            f"Raise resources.limits.cpu to {vcpu}.",
            vcpu,
            max(limits),
            "vCPU",
        )


def cache_shortfalls(deployed: Deployed, cache: Cache) -> Iterator[Shortfall]:
    """Yield what the cache in the cluster lacks."""
    pods = [item for item in deployed.pods if is_cache(item)]
    required = cache.memory_mib * cache.nodes
    available = sum((item.memory_limit_mib or math.inf) * item.maximum for item in pods if item.maximum)
    if pods and available < required:
        yield Shortfall(
            "cache-memory",
            _names(pods),
            f"the cache needs {required:,} MiB, the limit of {_names(pods)} is {available:,.0f} MiB",
            f"Raise resources.limits.memory to {required:,}Mi.",
            required,
            available,
            "MiB",
        )


def broker_shortfalls(deployed: Deployed, broker: Broker, workers: int) -> Iterator[Shortfall]:
    """Yield what the log broker in the cluster lacks; `workers` are the most of a service at the peak."""
    pods = [item for item in deployed.pods if is_broker(item)]
    if pods:
        name, running = _names(pods), sum(item.maximum for item in pods)
        if running < broker.nodes:
            yield Shortfall(
                "brokers",
                name,
                f"the events need {count_text(broker.nodes, 'broker')}, {name} has {running:,}",
                f"Raise replicas to {broker.nodes:,}.",
                broker.nodes,
                running,
                "brokers",
            )
        yield from _volume(name, broker.storage_gb, _storage_gb(pods, copies=True), "the retained events")
    required = max(workers, math.ceil(broker.partitions / constants("broker")["headroom"]))
    topics = [topic for topic in deployed.topics if not topic.name.endswith(".dlq")]
    fewest = min(topics, key=lambda topic: topic.partitions, default=None)
    if fewest and fewest.partitions < required:
        yield Shortfall(
            "partitions",
            fewest.name,
            f"the peak needs {count_text(required, 'partition')} of each topic, {fewest.name} has "
            f"{fewest.partitions:,}",
            f"Raise partitions to {max(required, broker.partitions):,}.",
            required,
            fewest.partitions,
            "partitions",
        )


def _volume(name: str, required: float, available: float, content: str) -> Iterator[Shortfall]:
    if available < required:
        yield Shortfall(
            "volume",
            name,
            f"{content} take {required:,.0f} GB, the volumes of {name} hold {available:,.0f} GB",
            "Enlarge the volumes.",
            required,
            available,
            "GB",
        )


def _storage_gb(pods: Sequence[Pods], *, copies: bool) -> float:
    """Return the storage of servers in GB: of one copy, or of all because they share the data."""
    return sum(item.volume_gb * (item.maximum if copies else min(1, item.maximum)) for item in pods)


def _names(pods: Sequence[Pods]) -> str:
    return " and ".join(item.name for item in pods)
