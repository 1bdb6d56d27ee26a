"""Sizes of the services of a generated project, derived from the deployables of the model."""

from collections.abc import Iterator, Mapping

from blueprint.advise.candidates import CONTEXTS, EVENT_DRIVEN, EVENT_DRIVEN_DEPLOYABLES, MICROSERVICES
from blueprint.advise.capacity import module_shares, replica_bounds
from blueprint.advise.capacity_plan import CapacityPlan, Demand

EDGE, WORKERS, READ_MODELS = EVENT_DRIVEN_DEPLOYABLES
# Services by pattern and deployable, busiest first. The edge answers requests; it is not the load balancer.
SERVICES_BY_DEPLOYABLE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    MICROSERVICES: {name: (name,) for name in CONTEXTS},
    EVENT_DRIVEN: {
        EDGE: ("catalog", "cart", "orders", "identity"),
        WORKERS: ("inventory", "payments", "notifications"),
        READ_MODELS: ("analytics",),
    },
}


def services_of(deployable: str) -> int:
    """Return how many services of the generated project a deployable of the model stands for."""
    return next(
        (len(names[deployable]) for names in SERVICES_BY_DEPLOYABLE.values() if deployable in names), 1
    )


def service_sizes(pattern: str, plan: CapacityPlan, demand: Demand) -> Iterator[tuple[str, int, int]]:
    """Yield each service with its minimum and maximum number of replicas.

    The worker slots of a deployable are divided among its services, falling geometrically by the scale skew.
    Each service has a separate spare replica and minimum, unless the plan has one copy of everything.
    """
    for deployable in plan.services:
        single = deployable.max_replicas == 1
        names = SERVICES_BY_DEPLOYABLE[pattern][deployable.name]
        for name, share in zip(names, module_shares(len(names), demand.scale_skew), strict=True):
            slots = deployable.slots_mean * share, deployable.slots_peak * share
            bounds = replica_bounds(*slots, demand.availability)
            yield (name, 1, 1) if single else (name, bounds.at_mean, bounds.most)
