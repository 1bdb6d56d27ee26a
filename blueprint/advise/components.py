"""Components of a recommendation: each part to run, with its size and the reason."""

from collections.abc import Mapping

from blueprint.advise.capacity_plan import CapacityPlan, Database, Service
from blueprint.advise.formatting import count_text, number_text
from blueprint.advise.result import Component
from blueprint.needs.inputs import InputValue
from blueprint.needs.model import Needs


def components_for(
    needs: Needs, plan: CapacityPlan, options: Mapping[str, InputValue], outbox: bool, event_log: bool
) -> tuple[Component, ...]:
    """Return the parts to run, each with its size and the reason for it."""
    parts = [
        _load_balancer(needs, plan, options),
        *(_service(s, plan) for s in plan.services),
        _database(needs, plan, options),
    ]
    parts.append(_cache(needs, plan, options))
    if plan.broker:
        b = plan.broker
        copies = f"replication factor {b.replication}, {b.minimum_in_sync} in sync"
        size = f"{b.nodes} brokers, {b.partitions} partitions, {copies}"
        reason = f"{needs.events_per_s:,g} events/s for {count_text(needs.consumers, 'consumer')}"
        parts.append(Component("broker", "kafka", size, reason))
    elif event_log:
        parts.append(
            Component(
                "event log",
                "kafka or redis streams",
                "3 nodes",
                "consumers read events instead of being called",
            )
        )
    elif outbox:
        parts.append(
            Component(
                "outbox",
                "table and relay",
                "with the database",
                "events are published if their transaction commits",
            )
        )
    parts.append(_auth(needs, options))
    return tuple(parts)


def _load_balancer(needs: Needs, plan: CapacityPlan, options: Mapping[str, InputValue]) -> Component:
    choice = str(options["load_balancer"])
    reads = f"{needs.read_fraction:.0%} reads"
    reason = (
        f"{reads}: public catalog reads can be micro-cached"
        if choice == "nginx"
        else f"{reads}: little to cache"
    )
    return Component("load balancer", choice, count_text(1 if plan.single else 2, "instance"), reason)


def _service(service: Service, plan: CapacityPlan) -> Component:
    several = f"{service.replicas} to {service.max_replicas} replicas"
    bounds = several if service.max_replicas > service.replicas else count_text(service.replicas, "replica")
    bounds = f"{bounds}, and as many workers," if service.workers else bounds
    size = f"{bounds} of {plan.cpu_millicores} millicores, {service.pool_size} connections each"
    cores, cpu = number_text(round(service.cores_peak, 2)), number_text(round(service.cpu_ms, 2))
    slots = count_text(service.slots_peak, "replica")
    reason = f"{cpu} ms of CPU per request, {cores} cores at the peak: 60% of {slots}"
    return Component(service.name, "application", size, reason)


def _database(needs: Needs, plan: CapacityPlan, options: Mapping[str, InputValue]) -> Component:
    databases = plan.databases if options["cache"] != "memory" else plan.uncached_databases
    largest = max(databases, key=lambda d: d.capacity_per_s * d.servers)
    if plan.single:
        return Component(
            "database", str(options["database"]), "on the machine of the shop", _load_of(largest)
        )
    memory = " with more memory" if largest.memory_class else ""
    copies = f"{count_text(largest.servers, 'server')} of {largest.vcpu} vCPU{memory}"
    extras = [count_text(largest.read_replicas, "read replica")] if largest.read_replicas else []
    extras += [count_text(largest.shards, "shard")] if largest.shards > 1 else []
    extras += ["standby"] if largest.standby else []
    count = f"{len(databases)} databases, the busiest with " if len(databases) > 1 else ""
    count = f"{largest.logical} databases on " if largest.logical > 1 else count
    size = ", ".join([count + copies, *extras])
    return Component("database", str(options["database"]), size, _load_of(largest))


def _load_of(database: Database) -> str:
    return f"{database.reads_per_s:,.0f} reads/s and {database.writes_per_s:,.0f} writes/s at the peak"


def _cache(needs: Needs, plan: CapacityPlan, options: Mapping[str, InputValue]) -> Component:
    if plan.single:
        return Component("cache", "memory", "in process", "one machine holds all processes")
    if plan.cache is None:
        return Component(
            "cache", "memory", "in process", "too few reads, or too evenly spread, for a shared cache"
        )
    rate = f"{plan.cache.hit_rate:.0%} of the reads"
    if options["cache"] == "memory":
        reason = f"a shared cache would answer {rate}, but costs more than it saves"
        return Component("cache", "memory", "in process", reason)
    nodes = f"{plan.cache.nodes} x " if plan.cache.nodes > 1 else ""
    reason = f"answers {rate} with a tenth of {needs.catalogue_items:,} items in memory"
    return Component("cache", str(options["cache"]), f"{nodes}{plan.cache.memory_mib} MiB", reason)


def _auth(needs: Needs, options: Mapping[str, InputValue]) -> Component:
    choice = str(options["auth"])
    if choice == "jwt":
        return Component(
            "auth", "jwt", "in the application", "one application issues and verifies its tokens"
        )
    reason = (
        "an isolated part must verify tokens" if needs.isolation else "several owners verify the same tokens"
    )
    return Component("auth", "oauth2", "an OpenID Connect provider", reason)
