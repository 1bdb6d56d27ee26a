"""The parts that go with a plan, and the options of the generator that they stand for."""

from collections.abc import Mapping

from blueprint.advise.candidates import MICROSERVICES, MONOLITH
from blueprint.advise.datafiles import constants
from blueprint.advise.deployed import DEPLOYED, service_sizes
from blueprint.advise.plan import Demand, Plan, Service
from blueprint.advise.result import Component
from blueprint.advise.words import number_text
from blueprint.needs.inputs import Value
from blueprint.needs.model import Needs

MICRO_CACHE_READS = 0.7


def options_for(needs: Needs, pattern: str, plan: Plan, cached: bool) -> Mapping[str, Value]:
    """The generator's options and sizes.

    Replicas are those of each service, or of the busiest deployable where we do not know the services.
    """
    busiest = max(plan.services, key=lambda service: service.peak_rps)
    options: dict[str, Value] = {
        "database": "postgresql",
        "cache": "redis" if cached else "memory",
        "auth": "oauth2" if _many_verifiers(needs, pattern) else "jwt",
        "load_balancer": "nginx" if needs.read_fraction >= MICRO_CACHE_READS else "haproxy",
        "kubernetes": True,
        "observability": True,
        **_replicas(needs, pattern, plan, busiest),
        "cpu_millicores": constants("replica")["cpu_millicores"],
        "memory_mib": constants("replica")["memory_mib"],
        "pool_size": busiest.pool_size,
    }
    if cached and plan.cache:
        options["cache_memory_mib"] = plan.cache.memory_mib
    if plan.broker and pattern not in (MONOLITH, MICROSERVICES):
        options |= {"partitions": plan.broker.partitions, "brokers": plan.broker.nodes}
    return options


def _replicas(needs: Needs, pattern: str, plan: Plan, busiest: Service) -> dict[str, Value]:
    if pattern not in DEPLOYED:
        return {"replicas": busiest.replicas, "max_replicas": busiest.max_replicas}
    sizes: dict[str, Value] = {}
    for name, least, most in service_sizes(pattern, plan, Demand.of(needs)):
        sizes |= {f"{name}_replicas": least, f"{name}_max_replicas": most}
    return sizes


def _many_verifiers(needs: Needs, pattern: str) -> bool:
    return needs.isolation or needs.consumers > 1 or (pattern != MONOLITH and needs.teams > 1)


def components_for(
    needs: Needs, plan: Plan, options: Mapping[str, Value], outbox: bool, event_log: bool
) -> tuple[Component, ...]:
    """Each part with its size and the reason for it."""
    parts = [_load_balancer(needs, options), *map(_service, plan.services), _database(needs, plan, options)]
    parts.append(_cache(needs, plan, options))
    if plan.broker:
        b = plan.broker
        copies = f"replication {b.replication}, in sync {b.minimum_in_sync}"
        size = f"{b.nodes} brokers, {b.partitions} partitions, {copies}"
        reason = f"{needs.events_per_s:,g} events/s for {needs.consumers} consumer(s)"
        parts.append(Component("broker", "kafka", size, reason))
    elif event_log:
        parts.append(
            Component("event log", "kafka or redis streams", "3 nodes", "readers follow facts, not calls")
        )
    elif outbox:
        parts.append(
            Component("outbox", "table and relay", "with the database", "events leave with the transaction")
        )
    parts.append(_auth(needs, options))
    return tuple(parts)


def _load_balancer(needs: Needs, options: Mapping[str, Value]) -> Component:
    choice = str(options["load_balancer"])
    reads = f"{needs.read_fraction:.0%} reads"
    reason = (
        f"{reads}: public catalogue reads can be micro-cached"
        if choice == "nginx"
        else f"{reads}: little to cache"
    )
    return Component("load balancer", choice, "2 instances", reason)


def _service(service: Service) -> Component:
    bounds = f"HPA {service.replicas} to {service.max_replicas}"
    size = f"{service.replicas} replicas, {bounds}, pool {service.pool_size}"
    load = (
        f"load like {number_text(round(service.peak_rps, 1))} req/s of {number_text(service.service_ms)} ms"
    )
    reason = f"{load} keeps {service.slots_peak} worker slots 60 % busy"
    return Component(service.name, "application", size, reason)


def _database(needs: Needs, plan: Plan, options: Mapping[str, Value]) -> Component:
    databases = plan.databases if options["cache"] != "memory" else plan.uncached_databases
    largest = max(databases, key=lambda d: d.capacity_per_s * d.servers)
    copies = f"{largest.servers} server(s) of {largest.vcpu} vCPU"
    extras = [f"{largest.read_replicas} read replicas"] if largest.read_replicas else []
    extras += [f"{largest.shards} shards"] if largest.shards > 1 else []
    extras += ["standby"] if largest.standby else []
    count = f"{len(databases)} databases, the busiest with " if len(databases) > 1 else ""
    load = f"{largest.reads_per_s:,.0f} reads/s and {largest.writes_per_s:,.0f} writes/s at the peak"
    return Component("database", str(options["database"]), ", ".join([count + copies, *extras]), load)


def _cache(needs: Needs, plan: Plan, options: Mapping[str, Value]) -> Component:
    if plan.cache is None:
        return Component(
            "cache", "memory", "in process", "too few reads or too even an interest for a shared cache"
        )
    hits = f"{plan.cache.hit_rate:.0%} of the reads hit with a tenth of {needs.catalogue_items:,} items"
    if options["cache"] == "memory":
        return Component(
            "cache", "memory", "in process", f"{hits}, but the database does not get cheaper by it"
        )
    nodes = f"{plan.cache.nodes} x " if plan.cache.nodes > 1 else ""
    return Component("cache", str(options["cache"]), f"{nodes}{plan.cache.memory_mib} MiB", hits)


def _auth(needs: Needs, options: Mapping[str, Value]) -> Component:
    choice = str(options["auth"])
    if choice == "jwt":
        return Component("auth", "jwt", "in the application", "one application issues and checks its tokens")
    reason = (
        "an isolated part checks tokens too" if needs.isolation else "several owners check the same tokens"
    )
    return Component("auth", "oauth2", "an OpenID Connect provider", reason)
