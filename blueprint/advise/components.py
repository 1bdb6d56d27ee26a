"""The parts that go with a plan, and the options of the generator that they stand for."""

from collections.abc import Mapping

from blueprint.advise.capacity_plan import CapacityPlan, Service
from blueprint.advise.formatting import number_text
from blueprint.advise.result import Component
from blueprint.needs.inputs import InputValue
from blueprint.needs.model import Needs


def components_for(
    needs: Needs, plan: CapacityPlan, options: Mapping[str, InputValue], outbox: bool, event_log: bool
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


def _load_balancer(needs: Needs, options: Mapping[str, InputValue]) -> Component:
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


def _database(needs: Needs, plan: CapacityPlan, options: Mapping[str, InputValue]) -> Component:
    databases = plan.databases if options["cache"] != "memory" else plan.uncached_databases
    largest = max(databases, key=lambda d: d.capacity_per_s * d.servers)
    copies = f"{largest.servers} server(s) of {largest.vcpu} vCPU"
    extras = [f"{largest.read_replicas} read replicas"] if largest.read_replicas else []
    extras += [f"{largest.shards} shards"] if largest.shards > 1 else []
    extras += ["standby"] if largest.standby else []
    count = f"{len(databases)} databases, the busiest with " if len(databases) > 1 else ""
    load = f"{largest.reads_per_s:,.0f} reads/s and {largest.writes_per_s:,.0f} writes/s at the peak"
    return Component("database", str(options["database"]), ", ".join([count + copies, *extras]), load)


def _cache(needs: Needs, plan: CapacityPlan, options: Mapping[str, InputValue]) -> Component:
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


def _auth(needs: Needs, options: Mapping[str, InputValue]) -> Component:
    choice = str(options["auth"])
    if choice == "jwt":
        return Component("auth", "jwt", "in the application", "one application issues and checks its tokens")
    reason = (
        "an isolated part checks tokens too" if needs.isolation else "several owners check the same tokens"
    )
    return Component("auth", "oauth2", "an OpenID Connect provider", reason)
