"""Sizes on a host: shared database servers, memory for the hot data, one of each server on a machine."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from blueprint.advise.capacity import plan_for, profile_of
from blueprint.advise.capacity_plan import Broker, CapacityPlan, Database, Demand, Service, Shape
from blueprint.advise.datafiles import constants
from blueprint.advise.profiles import Profile
from blueprint.advise.providers import MACHINE, database_volume_gb
from blueprint.advise.stores import database_for
from blueprint.needs.model import Needs


class Setting(NamedTuple):
    """What changes the sizes besides the load: the largest volume, one machine or many, and a prototype.

    Clouds with the same `volume_gb` share their sizes. `relaxed` means that nobody has asked for more
    availability than one copy has.
    """

    volume_gb: float
    single: bool
    prototype: bool
    relaxed: bool

    @classmethod
    def of(cls, needs: Needs, host: str) -> "Setting":
        """Return the setting of these needs on a host."""
        volume = database_volume_gb(needs.cloud)
        return cls(volume, host == MACHINE, needs.stage == "prototype", is_relaxed(needs))


class Load(NamedTuple):
    """What databases are sized for: the measured profile of a pattern, the demand, and its log."""

    profile: Profile
    demand: Demand
    broker: bool


@lru_cache(maxsize=4096)
def sized(shape: Shape, demand: Demand, setting: Setting) -> CapacityPlan:
    """Return the plan as it is deployed in a setting: the databases share servers where one is enough."""
    plan = plan_for(shape, demand)
    hits = plan.cache.hit_rate if plan.cache else 0.0
    broker = plan.broker
    load = Load(profile_of(shape), demand, broker is not None)
    uncached = _shared(plan.uncached_databases, load, 0.0, setting)
    databases = _shared(plan.databases, load, hits, setting) if hits else uncached
    if broker and setting.prototype:
        broker = broker._replace(development=True)
    plan = plan._replace(databases=databases, uncached_databases=uncached, broker=broker)
    return _on_one_machine(plan) if setting.single else plan


def is_relaxed(needs: Needs) -> bool:
    """Return whether nobody has asked for more availability than one copy of a prototype has."""
    return needs.stage == "prototype" and "availability" in needs.assumed


def _on_one_machine(plan: CapacityPlan) -> CapacityPlan:
    """Return as many copies as the peak needs without a spare, one server each, and no shared cache."""
    services = tuple(map(_fixed, plan.services))
    databases = tuple(
        d._replace(servers=1, read_replicas=0, shards=1, standby=False) for d in plan.uncached_databases
    )
    return plan._replace(
        services=services,
        databases=databases,
        uncached_databases=databases,
        cache=None,
        broker=_one_broker(plan.broker) if plan.broker else None,
    )


def _fixed(service: Service) -> Service:
    """Return a service without an autoscaler."""
    copies = math.ceil(service.slots_peak / constants("replica")["workers"])
    workers = copies if service.workers else 0
    return service._replace(
        replicas=copies,
        replicas_at_peak=copies,
        max_replicas=copies,
        workers=workers,
        workers_at_peak=workers,
    )


def _one_broker(broker: Broker) -> Broker:
    return broker._replace(
        nodes=1, replication=1, minimum_in_sync=1, storage_gb=broker.storage_gb / broker.replication
    )


def _shared(split: Sequence[Database], load: Load, hits: float, setting: Setting) -> tuple[Database, ...]:
    """Return one server for all databases, as the generated deployments have, or more if that is smaller."""
    standby = any(database.standby for database in split) and not setting.relaxed
    whole = database_for(load.profile, load.demand, 1.0, hits, 2 if standby else 1, load.broker)._replace(
        logical=len(split)
    )
    one = (_server(whole._replace(standby=standby), setting),)
    if len(split) == 1 or whole.vcpu <= constants("database")["sizes_vcpu"][0] * len(split):
        return one
    many = tuple(_server(database._replace(standby=standby), setting) for database in split)
    return min(one, many, key=lambda servers: sum(map(_size, servers)))


def _server(database: Database, setting: Setting) -> Database:
    """Return the servers that also hold the data and keep its hot part in memory."""
    c = constants("database", "cost")
    sizes: Sequence[int] = constants("database")["sizes_vcpu"]
    hot = hot_gb(database.storage_gb)
    shards = max(
        database.shards,
        math.ceil(database.storage_gb / setting.volume_gb),
        math.ceil(hot / (sizes[-1] * c["memory_gib_per_vcpu"])),
    )
    vcpu, memory_class = _with_memory(database.vcpu, hot / shards)
    return database._replace(
        vcpu=vcpu,
        memory_class=memory_class,
        shards=shards,
        servers=shards * (2 if database.standby else 1) + database.read_replicas,
        small=setting.prototype and not database.standby and not memory_class and vcpu == sizes[0],
    )


def hot_gb(stored_gb: float) -> float:
    """Return the part of the data that readers touch within minutes, in GB."""
    c = constants("database", "cost")
    recent = min(stored_gb, c["hot_until_gb"])
    return float(recent * c["hot_share"] + (stored_gb - recent) * c["hot_share_beyond"])


def _with_memory(vcpu: int, gib: float) -> tuple[int, bool]:
    """Return the cheapest size and class with at least this vCPU and memory."""
    c = constants("database", "cost")
    sizes: Sequence[int] = constants("database")["sizes_vcpu"]
    if vcpu * c["general_gib_per_vcpu"] >= gib:
        return vcpu, False
    fitting = [
        (size * price, size, memory_class)
        for memory_class, per_vcpu, price in (
            (False, c["general_gib_per_vcpu"], 1.0),
            (True, c["memory_gib_per_vcpu"], c["memory_class_ratio"]),
        )
        for size in sizes
        if size >= vcpu and size * per_vcpu >= gib
    ]
    _, size, memory_class = min(fitting, default=(0.0, sizes[-1], True))
    return size, memory_class


def _size(database: Database) -> float:
    """Return the size of all servers of a database in vCPU of the general class."""
    ratio: float = constants("database", "cost")["memory_class_ratio"] if database.memory_class else 1.0
    return database.servers * database.vcpu * ratio
