"""Options and sizes for the generator that follow from a recommendation."""

from collections.abc import Mapping

from blueprint.advise.candidates import MICROSERVICES, MONOLITH
from blueprint.advise.capacity_plan import CapacityPlan, Demand, Service
from blueprint.advise.datafiles import constants
from blueprint.advise.providers import KUBERNETES, MACHINE
from blueprint.advise.result import Recommendation
from blueprint.advise.service_sizing import SERVICES_BY_DEPLOYABLE, service_sizes
from blueprint.needs.inputs import InputValue
from blueprint.needs.model import Needs


def answers_for(recommendation: Recommendation, pattern: str | None = None) -> dict[str, InputValue]:
    """Return the pattern under the key `pattern`, with its options and sizes.

    Another pattern than the recommended one gets its own sizes; a pattern that did not compete gets those of
    the recommended one.
    """
    name = pattern or recommendation.pattern
    estimate = recommendation.estimates.get(name, recommendation.estimate)
    return {
        "pattern": name,
        **options_for(recommendation.needs, name, estimate.plan, estimate.host, cached=estimate.cached),
    }


MICRO_CACHE_READS = 0.7


def options_for(
    needs: Needs, pattern: str, plan: CapacityPlan, host: str, *, cached: bool
) -> Mapping[str, InputValue]:
    """Return the options and sizes for the generator.

    Replicas are given for each service, or for the busiest deployable if the pattern's services are unknown.
    """
    busiest = max(plan.services, key=lambda service: service.peak_rps)
    options: dict[str, InputValue] = {
        "database": "postgresql",
        "cache": "redis" if cached else "memory",
        "auth": "oauth2" if _many_verifiers(needs, pattern) else "jwt",
        "load_balancer": "nginx" if needs.read_fraction >= MICRO_CACHE_READS else "haproxy",
        "kubernetes": host == KUBERNETES,
        # The servers for metrics and traces need more memory than the shop itself.
        "observability": host != MACHINE or needs.stage != "prototype",
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


def _replicas(needs: Needs, pattern: str, plan: CapacityPlan, busiest: Service) -> dict[str, InputValue]:
    if pattern not in SERVICES_BY_DEPLOYABLE:
        return {"replicas": busiest.replicas, "max_replicas": busiest.max_replicas}
    sizes: dict[str, InputValue] = {}
    for name, least, most in service_sizes(pattern, plan, Demand.of(needs)):
        sizes |= {f"{name}_replicas": least, f"{name}_max_replicas": most}
    return sizes


def _many_verifiers(needs: Needs, pattern: str) -> bool:
    return needs.isolation or needs.consumers > 1 or (pattern != MONOLITH and needs.teams > 1)
