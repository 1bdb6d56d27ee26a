"""Cost of data: managed databases with storage and backups, the cache and the log broker."""

import math

from blueprint.advise.capacity_plan import Broker, Cache, Database
from blueprint.advise.cost.compute import size_factor
from blueprint.advise.cost.lines import Line, Rates, Workload
from blueprint.advise.datafiles import constants
from blueprint.advise.providers import host_definition

FILE = "cost"
VCPU_PER_UNIT = 2


def data_lines(work: Workload, rates: Rates, cache: Cache | None) -> list[Line]:
    """Return the lines of the stores that are rented beside the host; one machine runs its own."""
    databases = work.plan.databases if cache else work.plan.uncached_databases
    stores = host_definition(rates.cloud, rates.host).stores
    if stores == "own":
        return []
    if stores == "platform":
        lines = [_platform_database(database, rates) for database in databases]
        return lines + ([rates.line("cache", "cache", "platform_cache", 1)] if cache else [])
    lines = _databases(databases, rates)
    if cache:
        lines.append(_cache(cache, work.demand.availability, rates))
    if work.plan.broker:
        lines += _broker(work.plan.broker, rates)
    return lines


def _databases(databases: tuple[Database, ...], rates: Rates) -> list[Line]:
    small = [d for d in databases if d.small]
    general = [d for d in databases if not d.small and not d.memory_class]
    memory = [d for d in databases if not d.small and d.memory_class]
    lines = []
    if small:
        lines.append(
            rates.hourly("database", "small servers", "database_small", sum(d.servers for d in small))
        )
    for name, group, role in (
        ("servers", general, "database_per_2_vcpu"),
        ("servers with more memory", memory, "database_memory_per_2_vcpu"),
    ):
        if group:
            units = sum(d.servers * d.vcpu for d in group) / VCPU_PER_UNIT
            lines.append(rates.hourly("database", name, role, units * size_factor(rates)))
    stored = sum(d.storage_gb for d in databases)
    copies = constants("database", FILE)["backup_ratio"][rates.level]
    backups = stored * max(0.0, copies - rates.of("backup_gb_month").free_share)
    return [
        *lines,
        rates.line("database", "storage", "storage_gb_month", sum(map(_stored_gb, databases))),
        rates.line("database", "backups", "backup_gb_month", backups),
    ]


def _stored_gb(database: Database) -> float:
    """Return the storage of a primary, its standby and its read replicas in GB; shards divide the data."""
    return database.storage_gb * database.servers / database.shards


def _platform_database(database: Database, rates: Rates) -> Line:
    role = "platform_database_standby" if database.standby else "platform_database"
    price = rates.of(role)
    usd = next((usd for limit, usd in price.sizes if database.storage_gb <= limit), price.sizes[-1][1])
    return Line("database", "servers", usd * database.shards, price.sku, role, price.verified)


def has_cache_standby(availability: float) -> bool:
    """Return whether a managed cache has a second node: the availability does not allow to do without it."""
    return bool(availability >= constants("cache", FILE)["second_node_from"])


def _cache(cache: Cache, availability: float, rates: Rates) -> Line:
    """Return the line of a cache, with a second node where the availability needs it."""
    nodes = 2 if has_cache_standby(availability) else 1
    gib = cache.memory_mib / 1024 * cache.nodes
    smallest, per_gib = rates.of("cache_minimum"), rates.of("cache_per_gib")
    by_memory = gib * per_gib.usd > smallest.usd * cache.nodes
    role, units = ("cache_per_gib", gib) if by_memory else ("cache_minimum", float(cache.nodes))
    return rates.hourly("cache", "cache nodes", role, nodes * units)


def _broker(broker: Broker, rates: Rates) -> list[Line]:
    role = "broker_development" if broker.development else "broker"
    units = math.ceil(broker.nodes / rates.of(role).replaces)
    stored = max(0.0, broker.storage_gb - units * rates.of(role).included_gb)
    return [
        rates.hourly("broker", "brokers", role, units),
        rates.line("broker", "retained events", "broker_gb_month", stored),
    ]
