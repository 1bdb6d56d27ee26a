"""Options and sizes for the generator that follow from a recommendation."""

import math
from collections.abc import Mapping

from blueprint.advise.candidates import (
    BUILT_IN,
    CONTEXTS,
    EVENT_DRIVEN,
    EVENT_DRIVEN_SERVICES,
    MICROSERVICES,
    MONOLITH,
)
from blueprint.advise.capacity_plan import Broker, CapacityPlan, Service
from blueprint.advise.cost.compute import MIB_PER_GIB, machine_database_gib
from blueprint.advise.cost.data import has_cache_standby
from blueprint.advise.datafiles import constants
from blueprint.advise.modules import CONTENT, IDENTITY, needs_content, needs_shop
from blueprint.advise.providers import CONTAINERS, KUBERNETES, MACHINE, database_class, host_definition
from blueprint.advise.result import Recommendation
from blueprint.advise.stacks import ANY, PYTHON, choose_stack
from blueprint.needs.inputs import InputValue
from blueprint.needs.model import Needs


def answers_for(
    recommendation: Recommendation, pattern: str | None = None
) -> dict[str, InputValue | list[str] | list[list[str]]]:
    """Return the pattern under the key `pattern`, with its options and sizes.

    Another pattern than the recommended one gets its own sizes; a pattern that did not compete gets those of
    the recommended one. If a few services are advised, both patterns of services have their groups.
    """
    name = pattern or recommendation.pattern
    estimate = recommendation.estimates.get(name, recommendation.estimate)
    plan = estimate.separate
    options = options_for(recommendation.needs, name, plan, estimate.host, cached=estimate.cached)
    contexts = _contexts(recommendation.needs, name)
    stack = choose_stack(recommendation.needs, name).name
    if stack not in (PYTHON, ANY):
        options = {"stack": stack, **options}
    # Groups are of the contexts of a shop.
    groups = [] if "contexts" in contexts else _groups(recommendation, name)
    if not groups:
        return {"pattern": name, **options, **contexts}
    # A process with several contexts needs more memory than the largest of them.
    memory = max(plan.memory_mib, recommendation.groupings[0].estimate.plan.memory_mib)
    grouped = {**_partitions(options, plan, groups), "memory_mib": _within_limits("memory_mib", memory)}
    return {"pattern": name, **options, **contexts, **grouped, "deployables": groups}


MICRO_CACHE_READS = 0.7
HOURS_PER_DAY = 24
GIB_PER_GB = 1000**3 / 1024**3
MINIMUM_STORAGE_GIB = 20


def options_for(
    needs: Needs, pattern: str, plan: CapacityPlan, host: str, *, cached: bool
) -> Mapping[str, InputValue]:
    """Return the options and sizes for the generator.

    Replicas are given for each service, or for the busiest deployable if the pattern's services are unknown.
    """
    busiest = max(plan.services, key=lambda service: service.cores_peak)
    # The servers for metrics and traces need more memory than the shop itself.
    observability = host != MACHINE or needs.stage != "prototype"
    options: dict[str, InputValue] = {
        "database": "postgresql",
        "cache": "redis" if cached else "memory",
        "auth": "oauth2" if _many_verifiers(needs, pattern) else "jwt",
        "load_balancer": "nginx" if needs.read_fraction >= MICRO_CACHE_READS else "haproxy",
        "kubernetes": host == KUBERNETES,
        "observability": observability,
        **_replicas(pattern, plan, busiest),
        "cpu_millicores": plan.cpu_millicores,
        "memory_mib": plan.memory_mib,
        "pool_size": max(service.pool_size for service in plan.services),
    }
    # A generator refuses an answer to a question that the other answers exclude.
    if host == MACHINE and pattern in BUILT_IN:
        options["host"] = MACHINE
        options["database_memory_mib"] = round(machine_database_gib(plan) * MIB_PER_GIB)
    if host == CONTAINERS and pattern == MONOLITH:
        options |= _managed(needs, plan, cached=cached)
    if observability:
        options["review_rules"] = True
    if cached and plan.cache:
        options["cache_memory_mib"] = plan.cache.memory_mib
    if plan.broker and pattern not in (MONOLITH, MICROSERVICES):
        options |= {
            "partitions": plan.broker.partitions,
            "brokers": plan.broker.nodes,
            "broker_storage_gib": _broker_storage_gib(plan.broker),
            "retention_hours": max(1, math.ceil(needs.kafka_retention_days * HOURS_PER_DAY)),
        }
    return {name: _within_limits(name, value) for name, value in options.items()}


def _managed(needs: Needs, plan: CapacityPlan, *, cached: bool) -> dict[str, InputValue]:
    """Return the managed servers beside containers; nothing if the generated files cannot describe them."""
    (database, *others) = plan.databases if cached else plan.uncached_databases
    cache = plan.cache if cached else None
    storage = max(MINIMUM_STORAGE_GIB, math.ceil(database.storage_gb))
    divided = others or database.shards > 1 or database.read_replicas or (cache and cache.nodes > 1)
    too_large = storage > constants("generator")["database_storage_gib"]
    if host_definition(needs.cloud, CONTAINERS).definition is None or divided or too_large:
        return {}
    standby = {"cache_standby": has_cache_standby(needs.availability / 100)} if cache else {}
    return {
        "host": CONTAINERS,
        "database_class": database_class(needs.cloud, database),
        "database_storage_gib": storage,
        "database_standby": database.standby,
        **standby,
    }


def limit_notes(plan: CapacityPlan) -> list[str]:
    """Return a note for each part that needs more replicas than a generated project takes."""
    most = constants("generator")["max_replicas"]
    return [
        f"{s.name} needs {s.max_replicas:,} replicas, and a generated project takes at most {most}; "
        "split the load over several deployments or regions"
        for s in plan.services
        if s.max_replicas > most
    ]


def _groups(recommendation: Recommendation, pattern: str) -> list[list[str]]:
    """Return the recommended groups of contexts for a pattern of services."""
    groups = recommendation.architecture.deployables
    if pattern == EVENT_DRIVEN and groups:
        return [*groups, *([name] for name in EVENT_DRIVEN_SERVICES if name not in CONTEXTS)]
    return groups if pattern == MICROSERVICES else []


def _contexts(needs: Needs, pattern: str) -> dict[str, bool | list[str]]:
    """Return the contexts that follow from the modules of flows: content, and no shop without its flows."""
    if not needs_content(needs) or pattern not in BUILT_IN:
        return {}
    return {CONTENT: True} if needs_shop(needs) else {CONTENT: True, "contexts": [IDENTITY]}


def _partitions(
    options: Mapping[str, InputValue], plan: CapacityPlan, groups: list[list[str]]
) -> dict[str, InputValue]:
    """Return enough partitions for the workers of each service: as many as those of its contexts together."""
    if plan.broker is None or "partitions" not in options:
        return {}
    at_peak = [sum(s.workers_at_peak for s in plan.services if s.name in group) for group in groups]
    return {"partitions": _within_limits("partitions", max(plan.broker.partitions, *at_peak))}


def _within_limits(name: str, value: InputValue) -> InputValue:
    """Return a size, or the largest one that the generator takes; services' sizes begin with their name."""
    for size, largest in constants("generator").items():
        if isinstance(value, int) and (name == size or name.endswith(f"_{size}")):
            return int(min(value, largest))
    return value


def _broker_storage_gib(broker: Broker) -> int:
    """Return the volume of each broker for the retained events, which leaves a reserve."""
    c = constants("broker")
    needed = broker.storage_gb / broker.nodes / c["volume_share"] * GIB_PER_GB
    return int(max(c["volume_minimum_gib"], math.ceil(needed)))


def _replicas(pattern: str, plan: CapacityPlan, busiest: Service) -> dict[str, InputValue]:
    if pattern not in (MICROSERVICES, EVENT_DRIVEN):
        return _bounds("", busiest)
    return {name: value for s in plan.services for name, value in _bounds(f"{s.name}_", s).items()}


def _bounds(prefix: str, service: Service) -> dict[str, InputValue]:
    return {f"{prefix}replicas": service.replicas, f"{prefix}max_replicas": service.max_replicas}


def _many_verifiers(needs: Needs, pattern: str) -> bool:
    return needs.isolation or needs.consumers > 1 or (pattern != MONOLITH and needs.teams > 1)
