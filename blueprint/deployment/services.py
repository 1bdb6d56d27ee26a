"""Workloads of a deployment by the service that they run: its API, its worker, or neither."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from blueprint.advise.candidates import (
    CONTEXTS,
    EVENT_DRIVEN,
    EVENT_DRIVEN_SERVICES,
    EVENT_DRIVEN_WITHOUT_API,
    MICROSERVICES,
    MONOLITH,
)
from blueprint.deployment.errors import ManifestsError
from blueprint.deployment.sizes import Pods, is_broker, is_cache, is_database

Role = Literal["api", "worker"]
APP = "app"
"""Only part of a pattern with one deployable; its workload has the name of the project."""


class Workload(NamedTuple):
    """The pods of one role of a service; `parts` are the parts of the pattern that run in them."""

    service: str
    role: Role
    parts: tuple[str, ...]
    pods: tuple[Pods, ...]

    @property
    def name(self) -> str:
        """Names of the objects, or what is missing."""
        return " and ".join(pods.name for pods in self.pods) or f"{self.service} ({self.role})"


def grouped(parts: Sequence[str], groups: object) -> Mapping[str, tuple[str, ...]]:
    """Return the parts that each service runs, by the name of the service: the first of its group."""
    lists = groups if isinstance(groups, list) else []
    rows = [tuple(str(part) for part in group if part in parts) for group in lists if isinstance(group, list)]
    services = {row[0]: row for row in rows if row}
    named = {part for row in services.values() for part in row}
    return services | {part: (part,) for part in parts if part not in named}


def workloads_of(
    services: Mapping[str, tuple[str, ...]], pods: Iterable[Pods], with_workers: Sequence[str]
) -> tuple[Workload, ...]:
    """Return the workloads of the services, without pods where they are missing.

    `with_workers` are the parts that handle events in pods apart from those that answer requests.
    """
    shop = [item for item in pods if not is_server(item)]
    if [*services] == [APP]:
        return (Workload(APP, "api", (APP,), _only_one(shop)),)
    workloads = []
    for service, parts in services.items():
        own = [item for item in shop if _runs(item, service)]
        workers = tuple(item for item in own if _is_worker(item))
        others = tuple(item for item in own if item not in workers)
        answering = tuple(part for part in parts if part not in EVENT_DRIVEN_WITHOUT_API)
        handling = tuple(part for part in parts if part in with_workers or part not in answering)
        if answering and handling:
            workloads += [
                Workload(service, "api", answering, others),
                Workload(service, "worker", handling, workers),
            ]
        else:
            workloads.append(
                Workload(service, "api" if others or not workers else "worker", parts, tuple(own))
            )
    return tuple(workloads)


def pattern_of(pods: Sequence[Pods]) -> str:
    """Return the built-in pattern that these pods belong to. Raises ManifestsError."""
    shop = [item for item in pods if not is_server(item)]
    found = {part for part in EVENT_DRIVEN_SERVICES if any(_runs(item, part) for item in shop)}
    if found - {*CONTEXTS}:
        return EVENT_DRIVEN
    if len(found) > 1:
        return MICROSERVICES
    if _only_one(shop):
        return MONOLITH
    raise ManifestsError(
        "the manifests do not show which pattern they deploy",
        hint="Name it with --pattern, or give the path of a project's deploy folder.",
    )


def is_server(pods: Pods) -> bool:
    """Return whether pods run a database, a cache or a broker."""
    return is_database(pods) or is_cache(pods) or is_broker(pods) or pods.kind == "KafkaNodePool"


def _runs(pods: Pods, service: str) -> bool:
    name = service.replace("_", "-")
    labeled = pods.app.replace("_", "-") == name
    return labeled or pods.name in (name, f"{name}-service", f"{name}-api", f"{name}-worker")


def _is_worker(pods: Pods) -> bool:
    return pods.component == "worker" or pods.name.endswith("-worker")


def _only_one(shop: Sequence[Pods]) -> tuple[Pods, ...]:
    """Return the workload of a shop with one deployable."""
    labeled = [item for item in shop if item.component == "api"]
    scaled = [item for item in shop if item.autoscaler]
    for choice in (labeled, scaled, shop):
        if choice:
            return (choice[0],) if len(choice) == 1 or choice is not shop else ()
    return ()
