"""Sizes of a deployment: requests, limits, copies, volumes and brokers, from Kubernetes objects."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from blueprint.deployment.errors import ManifestsError
from blueprint.deployment.objects import Object, mapping, sequence
from blueprint.deployment.quantities import GB, MIB, parse_quantity

PAUSED_BY = {"HorizontalPodAutoscaler"}
"""Autoscalers that leave a workload with 0 replicas alone."""

_WORKLOADS = ("Deployment", "StatefulSet", "ReplicaSet", "Pod")
AUTOSCALERS: Mapping[str, tuple[str, str, int, int]] = {
    "HorizontalPodAutoscaler": ("minReplicas", "maxReplicas", 1, 1),
    "ScaledObject": ("minReplicaCount", "maxReplicaCount", 0, 100),
}
"""Fields of the bounds of an autoscaler, and their defaults."""

_SIZELESS = {
    "ConfigMap",
    "Secret",
    "Service",
    "ServiceAccount",
    "Namespace",
    "Ingress",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Job",
    "CronJob",
    "Role",
    "RoleBinding",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "KafkaUser",
    "TriggerAuthentication",
    "ClusterTriggerAuthentication",
    "Gateway",
    "HTTPRoute",
    "GRPCRoute",
    "ServiceMonitor",
    "PodMonitor",
    "PrometheusRule",
    "PriorityClass",
    "ResourceQuota",
    "LimitRange",
    "StorageClass",
    "IngressClass",
    "Certificate",
    "Issuer",
    "ClusterIssuer",
    "ExternalSecret",
    "SealedSecret",
    "Kafka",
    "Lease",
    "Endpoints",
    "EndpointSlice",
}
"""Kinds that run no pods for long, or say nothing about their number and size."""

_MAX_REPLICAS = 1_000_000

TASKS = "Tasks"
"""Kind of the pods of a managed container service, which are its tasks and have its autoscaler."""


class Pods(NamedTuple):
    """The pods of a workload.

    `app` and `component` are the labels app.kubernetes.io/name and app.kubernetes.io/component. `cpu` and
    `memory_mib` are the requests of the container of the program, in cores and MiB; None means that it has
    none. `pod_cpu` and `pod_memory_mib` are those of all containers. `utilization` is the CPU target of the
    autoscaler as a share of the request. `volume_gb` is the storage of one pod in GB.
    """

    kind: str
    name: str
    app: str
    component: str
    image: str
    minimum: int
    maximum: int
    autoscaler: str | None
    utilization: float | None
    cpu: float | None
    cpu_limit: float | None
    memory_mib: float | None
    memory_limit_mib: float | None
    pod_cpu: float
    pod_memory_mib: float
    volume_gb: float


class Topic(NamedTuple):
    """A topic of the log broker."""

    name: str
    partitions: int


class Managed(NamedTuple):
    """Managed servers beside the tasks of a container service; without a cache, it has no nodes."""

    database_class: str
    database_servers: int
    database_storage_gib: int
    cache_node: str
    cache_nodes: int


class Deployed(NamedTuple):
    """Everything in some manifests that costs money or limits the load.

    `volumes_gb` is the storage of claims outside workloads, `skipped` counts the objects of unknown kinds.
    Only a managed container service has `managed` servers, and its tasks are pods.
    """

    pods: tuple[Pods, ...]
    topics: tuple[Topic, ...]
    volumes_gb: float
    skipped: Mapping[str, int]
    managed: Managed | None = None


class _Bounds(NamedTuple):
    autoscaler: str
    minimum: int
    maximum: int
    utilization: float | None


def deployed_in(objects: Sequence[Object]) -> Deployed:
    """Return the sizes in some objects. Raises ManifestsError for a value that is not a size."""
    # A controller makes these from other objects, which count.
    objects = [o for o in objects if not mapping(o.data, o.shown, "metadata").get("ownerReferences")]
    bounds = dict(map(_bounds, (item for item in objects if item.kind in AUTOSCALERS)))
    pods = [_pods(item, bounds) for item in objects if item.kind in _WORKLOADS]
    pods += [_broker_pods(item) for item in objects if item.kind == "KafkaNodePool"]
    claims = [item for item in objects if item.kind == "PersistentVolumeClaim"]
    known = {*_WORKLOADS, *AUTOSCALERS, "KafkaNodePool", "KafkaTopic", "PersistentVolumeClaim"} | _SIZELESS
    return Deployed(
        pods=tuple(pods),
        topics=tuple(_topic(item) for item in objects if item.kind == "KafkaTopic"),
        volumes_gb=sum(_claimed_gb(item.data, item.shown) for item in claims),
        skipped=Counter(item.kind for item in objects if item.kind not in known),
    )


def _bounds(item: Object) -> tuple[tuple[str, str], _Bounds]:
    least, most, default_least, default_most = AUTOSCALERS[item.kind]
    spec = mapping(item.data, item.shown, "spec")
    target = mapping(spec, item.shown, "scaleTargetRef")
    minimum = _whole(spec, least, item.shown, default_least)
    maximum = _whole(spec, most, item.shown, default_most)
    if maximum < minimum:
        raise ManifestsError(
            f"{item.shown}: {most} {maximum} is less than {least} {minimum}", hint=f"Raise {most}."
        )
    place = (str(target.get("kind") or "Deployment"), str(target.get("name")))
    return place, _Bounds(item.kind, minimum, maximum, _utilization(spec, item.shown))


def _utilization(spec: Mapping[str, Any], where: str) -> float | None:
    for metric in sequence(spec, where, "metrics"):
        resource = mapping(metric, where, "resource")
        percent = mapping(resource, where, "target").get("averageUtilization")
        if resource.get("name") == "cpu" and percent is not None:
            if type(percent) is not int or not 0 < percent <= 1000:
                raise _not_a_size(where, "averageUtilization", percent, "a percentage such as 60")
            return percent / 100
    return None


def _pods(item: Object, bounds: Mapping[tuple[str, str], _Bounds]) -> Pods:
    spec = mapping(item.data, item.shown, "spec")
    template = item.data if item.kind == "Pod" else mapping(spec, item.shown, "template")
    labels = mapping(template, item.shown, "metadata", "labels")
    scaled = bounds.get((item.kind, item.name))
    fixed = 1 if item.kind == "Pod" else _whole(spec, "replicas", item.shown, 1)
    if scaled and "replicas" in spec and fixed == 0 and scaled.autoscaler in PAUSED_BY:
        scaled = None
    claims = sequence(spec, item.shown, "volumeClaimTemplates")
    return Pods(
        kind=item.kind,
        name=item.name,
        app=str(labels.get("app.kubernetes.io/name", "")),
        component=str(labels.get("app.kubernetes.io/component", "")),
        minimum=scaled.minimum if scaled else fixed,
        maximum=scaled.maximum if scaled else fixed,
        autoscaler=scaled.autoscaler if scaled else None,
        utilization=scaled.utilization if scaled else None,
        volume_gb=sum(_claimed_gb(claim, item.shown) for claim in claims),
        **_containers(mapping(template, item.shown, "spec"), item),
    )


def _containers(spec: Mapping[str, Any], item: Object) -> dict[str, Any]:
    containers = sequence(spec, item.shown, "containers")
    if not containers:
        raise ManifestsError(f"{item.shown} has no containers", hint="Add the container of the program.")
    starting = sequence(spec, item.shown, "initContainers")
    beside = [container for container in starting if container.get("restartPolicy") == "Always"]
    once = [container for container in starting if container not in beside]
    names = ("api", "worker", "server", item.name)
    program = next((c for c in containers if c.get("name") in names), containers[0])
    return {
        "image": str(program.get("image", "")),
        "cpu": _amount(program, "requests", "cpu", item.shown),
        "cpu_limit": _amount(program, "limits", "cpu", item.shown),
        "memory_mib": _in_mib(_amount(program, "requests", "memory", item.shown)),
        "memory_limit_mib": _in_mib(_amount(program, "limits", "memory", item.shown)),
        "pod_cpu": _of_pod([*containers, *beside], once, "cpu", item.shown),
        "pod_memory_mib": _of_pod([*containers, *beside], once, "memory", item.shown) / MIB,
    }


def _of_pod(
    running: Iterable[Mapping[str, Any]], once: Iterable[Mapping[str, Any]], resource: str, where: str
) -> float:
    """Return what the scheduler reserves for a pod."""

    def requested(containers: Iterable[Mapping[str, Any]]) -> list[float]:
        return [_amount(container, "requests", resource, where) or 0.0 for container in containers]

    return max(sum(requested(running)), max(requested(once), default=0.0))


def _amount(container: Mapping[str, Any], field: str, resource: str, where: str) -> float | None:
    """Return a request or a limit; a request that is missing is the limit, as in Kubernetes."""
    place = f"{where}: container {container.get('name')}"
    resources = mapping(container, place, "resources")
    value = mapping(resources, place, field).get(resource)
    if value is None and field == "requests":
        field, value = "limits", mapping(resources, place, "limits").get(resource)
    return None if value is None else _quantity(value, f"{place}: {field}.{resource}")


def _in_mib(amount: float | None) -> float | None:
    return None if amount is None else amount / MIB


def _broker_pods(item: Object) -> Pods:
    spec = mapping(item.data, item.shown, "spec")
    resources = {"name": "kafka", "resources": mapping(spec, item.shown, "resources")}
    storage = mapping(spec, item.shown, "storage")
    volumes = sequence(storage, item.shown, "volumes") or [storage]
    sizes = [volume["size"] for volume in volumes if volume.get("size") is not None]
    roles = spec.get("roles")
    replicas = _whole(spec, "replicas", item.shown, 1)
    return Pods(
        kind=item.kind,
        name=item.name,
        app="",
        component="broker" if isinstance(roles, list) and "broker" in roles else "controller",
        minimum=replicas,
        maximum=replicas,
        autoscaler=None,
        utilization=None,
        volume_gb=sum(_quantity(size, f"{item.shown}: size") for size in sizes) / GB,
        **_containers({"containers": [resources]}, item),
    )


def _topic(item: Object) -> Topic:
    return Topic(item.name, _whole(mapping(item.data, item.shown, "spec"), "partitions", item.shown, 1))


def _claimed_gb(claim: Mapping[str, Any], where: str) -> float:
    size = mapping(claim, where, "spec", "resources", "requests").get("storage")
    return 0.0 if size is None else _quantity(size, f"{where}: storage") / GB


def _quantity(value: object, where: str) -> float:
    try:
        return parse_quantity(value)
    except ValueError as error:
        place, _, field = where.rpartition(": ")
        raise _not_a_size(place, field, value, "a quantity such as 250m, 256Mi or 10Gi") from error


def _whole(spec: Mapping[str, Any], key: str, where: str, default: int) -> int:
    value = spec.get(key)
    if value is None:
        return default
    if type(value) is not int or not 0 <= value <= _MAX_REPLICAS:
        raise _not_a_size(where, key, value, "a whole number of 0 or more")
    return value


def _not_a_size(where: str, field: str, value: object, expected: str) -> ManifestsError:
    return ManifestsError(f"{where}: {field} is {str(value)[:60]!r}", hint=f"Write {expected}.")


def of_component(component: str, *images: str) -> Callable[[Pods], bool]:
    """Return a test for the pods of a server, by their component or by the name of their image."""

    def fits(pods: Pods) -> bool:
        image = pods.image.rpartition("/")[2].partition("@")[0].partition(":")[0]
        return pods.component == component or (not pods.app and image in images)

    return fits


is_database = of_component("database", "postgres", "mysql", "mariadb")
is_cache = of_component("cache", "redis", "valkey", "memcached")
is_broker = of_component("broker", "kafka")
