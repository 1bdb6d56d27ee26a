"""The services of a generated project, sized as the deployables of the model that they are cut from."""

from collections.abc import Iterator, Mapping

from blueprint.advise.candidates import CONTEXTS, EVENT_DRIVEN, EVENT_DRIVEN_DEPLOYABLES, MICROSERVICES
from blueprint.advise.capacity import module_shares, replica_bounds
from blueprint.advise.capacity_plan import CapacityPlan, Demand

EDGE, WORKERS, READ_MODELS = EVENT_DRIVEN_DEPLOYABLES
# By pattern and deployable, the busiest first. The edge is what answers requests, not the load balancer.
SERVICES_BY_DEPLOYABLE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    MICROSERVICES: {name: (name,) for name in CONTEXTS},
    EVENT_DRIVEN: {
        EDGE: ("catalog", "cart", "orders", "identity"),
        WORKERS: ("inventory", "payments", "notifications"),
        READ_MODELS: ("analytics",),
    },
}


def service_sizes(pattern: str, plan: CapacityPlan, demand: Demand) -> Iterator[tuple[str, int, int]]:
    """Each service with the replicas that it has at least and at most.

    A deployable's worker slots are divided among its services in a geometric fall by the scale skew; each
    service has a spare replica and the least number of its own.
    """
    for deployable in plan.services:
        names = SERVICES_BY_DEPLOYABLE[pattern][deployable.name]
        for name, share in zip(names, module_shares(len(names), demand.scale_skew), strict=True):
            slots = deployable.slots_mean * share, deployable.slots_peak * share
            bounds = replica_bounds(*slots, demand.availability)
            yield name, bounds.at_mean, bounds.most
