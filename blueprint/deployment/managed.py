"""Managed servers beside containers: needs that they do not meet, and what they cost."""

import math
from collections.abc import Iterator, Sequence

from blueprint.advise.capacity_plan import Cache, Database
from blueprint.advise.cost.compute import MIB_PER_GIB
from blueprint.advise.cost.data import VCPU_PER_UNIT
from blueprint.advise.cost.lines import Line, Rates
from blueprint.advise.formatting import count_text
from blueprint.advise.providers import cache_node_mib, database_class, server_class
from blueprint.deployment.quantities import GB
from blueprint.deployment.shortfalls import Shortfall
from blueprint.deployment.sizes import Managed

DATABASE, CACHE = "database", "cache"
SERVER_ROLES = ("database_small", "database_per_2_vcpu", "database_memory_per_2_vcpu")
REPLACED_ROLES = {
    *SERVER_ROLES,
    *("storage_gb_month", "cache_minimum", "cache_per_gib", "container_vcpu", "container_gib"),
}
"""Roles of the lines of an estimate that the sizes of the files replace."""
GIB = 1024**3


def managed_shortfalls(
    managed: Managed, databases: Sequence[Database], cache: Cache | None, cloud: str
) -> Iterator[Shortfall]:
    """Yield what the managed database and cache lack."""
    yield from _servers(managed, databases)
    yield from _class(managed, max(databases, key=lambda database: database.vcpu), cloud)
    stored = sum(database.storage_gb for database in databases)
    disk = managed.database_storage_gib * GIB / GB
    if disk < stored:
        yield Shortfall(
            "volume",
            DATABASE,
            f"the data of a year take {stored:,.0f} GB, the disk of the database holds {disk:,.0f} GB",
            f"Raise database_storage_gib to {math.ceil(stored):,}.",
            stored,
            disk,
            "GB",
        )
    memory = cache_node_mib(cloud, managed.cache_node)
    if cache and memory is not None and memory < cache.memory_mib:
        yield Shortfall(
            "cache-memory",
            CACHE,
            f"the cache needs {cache.memory_mib:,} MiB, {managed.cache_node} has {memory:,} MiB",
            "Set cache_node to a larger one.",
            cache.memory_mib,
            memory,
            "MiB",
        )


def _servers(managed: Managed, databases: Sequence[Database]) -> Iterator[Shortfall]:
    servers = sum(database.servers for database in databases)
    if managed.database_servers < servers:
        yield Shortfall(
            "database-servers",
            DATABASE,
            f"the needs take {count_text(servers, 'database server')}, the files have "
            f"{managed.database_servers:,}",
            "Set database_standby to true." if servers == 2 else "Add servers to the files.",
            servers,
            managed.database_servers,
            "servers",
        )


def _class(managed: Managed, required: Database, cloud: str) -> Iterator[Shortfall]:
    found = server_class(cloud, managed.database_class)
    if found is None or required.small:
        return
    too_small = found.small or found.vcpu < required.vcpu
    # Twice the vCPU of the general family have the memory of the other one.
    too_little_memory = required.memory_class and not found.memory_class and found.vcpu < 2 * required.vcpu
    if too_small or too_little_memory:
        name = database_class(cloud, required)
        yield Shortfall(
            "database-cpu" if too_small else "database-memory",
            DATABASE,
            f"the peak needs a database server {name}, the files have {managed.database_class}",
            f"Set database_class to {name}.",
            required.vcpu,
            found.vcpu,
            "vCPU",
        )


def managed_lines(managed: Managed, estimated: Sequence[Line], rates: Rates) -> Iterator[Line]:
    """Yield the lines of the managed servers; those whose price is unknown cost what is estimated."""
    found = server_class(rates.cloud, managed.database_class)
    if found is None:
        yield from (line for line in estimated if line.role in SERVER_ROLES)
    elif found.small:
        yield rates.hourly(DATABASE, "small servers", "database_small", managed.database_servers)
    else:
        role = "database_memory_per_2_vcpu" if found.memory_class else "database_per_2_vcpu"
        units = managed.database_servers * found.vcpu / VCPU_PER_UNIT
        yield rates.hourly(DATABASE, "servers", role, units)
    stored = managed.database_servers * managed.database_storage_gib
    yield rates.line(DATABASE, "storage", "storage_gb_month", stored)
    memory = cache_node_mib(rates.cloud, managed.cache_node)
    if memory is not None:
        smallest = managed.cache_node in rates.of("cache_minimum").sku
        role, units = ("cache_minimum", 1.0) if smallest else ("cache_per_gib", memory / MIB_PER_GIB)
        yield rates.hourly(CACHE, "cache nodes", role, managed.cache_nodes * units)
    elif managed.cache_node:
        yield from (line for line in estimated if line.group == CACHE)


def unpriced(managed: Managed, cloud: str) -> Iterator[str]:
    """Yield the names of servers whose price is unknown."""
    if server_class(cloud, managed.database_class) is None:
        yield managed.database_class
    if managed.cache_node and cache_node_mib(cloud, managed.cache_node) is None:
        yield managed.cache_node
