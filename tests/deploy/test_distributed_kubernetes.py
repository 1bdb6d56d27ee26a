"""Manifests of a distributed shop are valid and consistent, and allow only its calls."""

import re
from collections.abc import Callable

import pytest

from . import architecture
from .architecture import hosts
from .checks import custom, flows, manifests, references
from .checks.manifests import Manifest
from .conftest import Overlays
from .projects import PROJECT, Project
from .test_kubernetes import ANYWHERE, CACHE_PORT, DATABASE_PORT, DNS, PRIVATE, TAG, edge

pytestmark = pytest.mark.slow
LIVE = ("/analytics",)
"""Page that is not part of the contract."""
RETRY_SECONDS = 5
"""Longest pause before a failed step of an order is repeated."""
PATH = re.compile(r'"(/v1/[^"{]*)"?')
"""Matches a public path in the code, up to its first parameter."""


@pytest.mark.parametrize(
    "check",
    [
        manifests.schema,
        custom.schema,
        custom.belonging,
        custom.scaling,
        manifests.resources,
        references.selectors,
        references.services,
        references.targets,
        references.expansions,
        references.volumes,
        references.probes,
        references.migrations,
        flows.unguarded,
    ],
    ids=lambda check: check.__name__,
)
def test_manifests(distributed_overlays: Overlays, check: Callable[[list[Manifest]], list[str]]) -> None:
    """Each check passes for every overlay."""
    assert {key: found for key, (_, built) in distributed_overlays.items() if (found := check(built))} == {}


def test_every_service_has_all_its_objects(distributed_overlays: Overlays) -> None:
    """Each service has all its objects; services without a database have no migration."""
    kinds = ("Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget")
    for (_, overlay), (project, built) in distributed_overlays.items():
        names = {manifests.name_of(each) for each in built}
        expected = {f"ServiceAccount/{name}-service" for name in hosts(architecture.services(project))}
        for kind in kinds:
            expected |= {f"{kind}/{name}-service" for name in hosts(architecture.answering(project))}
        for name in hosts(architecture.workers(project)):
            expected |= {f"Deployment/{name}-worker", f"PodDisruptionBudget/{name}-worker"}
        found = {name for name in names if name.startswith((*kinds, "ServiceAccount/"))}
        found = {name for name in found if name.endswith(("-service", "-worker"))}
        # Prometheus discovers the copies of workers through these; they serve no requests.
        addresses = {f"Service/{name}-worker" for name in hosts(architecture.workers(project))}
        assert found - addresses == expected
        suffix = f"-{TAG}" if overlay == "production" else ""
        jobs = {f"Job/{name}-migrate{suffix}" for name in hosts(architecture.stateful(project))}
        if architecture.event_services(project) and overlay == "development":
            jobs.add("Job/topics")
        assert {name for name in names if name.startswith("Job/")} == jobs


def test_images_are_pinned_and_their_own(distributed_overlays: Overlays) -> None:
    """Each service runs its own image, loaded into the node or pinned to an exact version."""
    for (_, overlay), (project, built) in distributed_overlays.items():
        for name in architecture.hosts(architecture.services(project)):
            image = f"{PROJECT}-{name}:development"
            if overlay == "production":
                image = f"registry.example.com/{PROJECT}-{name}:{TAG}"
            used = {
                each["image"]
                for where, each in manifests.containers(built)
                if workload_of(where) in (f"{name}-service", f"{name}-worker", f"{name}-migrate")
            }
            assert used == {image}
        others = [each for _, each in manifests.containers(built) if f"{PROJECT}-" not in each["image"]]
        assert all(manifests.pinned(each["image"]) for each in others)


def test_settings_exist(distributed_overlays: Overlays) -> None:
    """Every ConfigMap key exists; every Secret key is in deploy/env.example or in the README."""
    for (label, overlay), (project, built) in distributed_overlays.items():
        keys = set(project.variables("deploy/env.example"))
        if overlay == "production":
            text = project.text("deploy/kubernetes/README.md")
            keys = {
                word.strip("`,")
                for line in text.splitlines()
                if line.startswith("| `")
                for word in line.split("|")[1].split()
            }
        assert references.settings(built, keys) == [], (label, overlay)


def test_services_do_not_share_credentials(distributed_overlays: Overlays) -> None:
    """Only a service and the database server get its password; only the service gets its key."""
    for project, built in distributed_overlays.values():
        for name in architecture.services(project):
            own = {f"{host}-migrate" for host in hosts([name])}
            own |= {workload(host) for host, each in architecture.processes(project).items() if each == name}
            stateful = name in architecture.stateful(project)
            found = users(built, f"{name.upper()}_DATABASE_PASSWORD")
            assert found - {"database"} == (own if stateful else set())
            assert users(built, f"{name.upper()}_SERVICE_KEY") <= own


def test_exactly_the_calls_of_the_architecture(distributed_overlays: Overlays) -> None:
    """Network policies allow exactly the expected calls, at both ends."""
    for (label, overlay), (project, built) in distributed_overlays.items():
        expected = expected_flows(project, overlay)
        everyone = {flows.service_of(pod["metadata"]["labels"]) for _, pod in manifests.workloads(built)}
        dns = {(each, server, port) for each in everyone for server, port in DNS}
        passing, half = flows.allowed(built, flows.service_of)
        assert half == [], (label, overlay)
        assert passing == expected | dns, (label, overlay)


def test_each_path_has_its_service(distributed_overlays: Overlays) -> None:
    """Exactly the paths of the contract are routed, each to its service."""
    for project, built in distributed_overlays.values():
        paths = prefixes(built)
        for path, service in architecture.routes(project).items():
            if path == "/readyz":
                continue
            (found,) = [to for prefix, to in paths.items() if f"{path}/".startswith(f"{prefix}/")]
            assert found == f"{architecture.host(service)}-service"
        assert all(path.startswith(("/v1/", "/.well-known")) or path in LIVE for path in paths)


def test_each_path_of_the_code_has_its_service(distributed_overlays: Overlays) -> None:
    """Every path that a service serves under /v1 is routed to that service."""
    for project, built in distributed_overlays.values():
        paths = prefixes(built)
        for service in architecture.services(project):
            sources = (project.folder / "services" / service / "src").rglob("api.py")
            served = {path for file in sources for path in PATH.findall(file.read_text())}
            assert served or service in ("identity", *architecture.WITHOUT_API)
            for path in served:
                (found,) = [to for prefix, to in paths.items() if f"{path}/".startswith(f"{prefix}/")]
                assert found == f"{architecture.host(service)}-service"


def test_every_overlay_is_isolated_and_restricted(distributed_overlays: Overlays) -> None:
    """All objects are in a namespace that admits only restricted pods, and manifests contain no secrets."""
    for _, built in distributed_overlays.values():
        (namespace,) = references.of_kind(built, "Namespace")
        assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
        others = {each["metadata"].get("namespace") for each in built if each is not namespace}
        assert others == {namespace["metadata"]["name"]}
        assert list(references.of_kind(built, "Secret")) == []


def test_sizes_come_from_the_options(distributed_overlays: Overlays) -> None:
    """The sizes in the options are the sizes in the manifests."""
    for project, built in distributed_overlays.values():
        bounds = {
            _name(each).removesuffix("-service"): (each["spec"]["minReplicas"], each["spec"]["maxReplicas"])
            for each in references.of_kind(built, "HorizontalPodAutoscaler")
        }
        expected = dict.fromkeys(hosts(architecture.answering(project)), (2, 4))
        assert bounds == expected | {"catalog": (2, 6), "orders": (2, 6)}
        (api,) = (
            each for name, each in manifests.containers(built) if name == "Deployment/orders-service/api"
        )
        assert api["resources"]["requests"] == {
            "cpu": "250m",
            "memory": "256Mi",
            "ephemeral-storage": "128Mi",
        }


def test_the_database_allows_the_connections_of_all_copies(distributed_overlays: Overlays) -> None:
    """They may have their maximum number of replicas, and one more while they are updated."""
    for (_, overlay), (project, built) in distributed_overlays.items():
        if overlay == "development":
            (limit,) = re.findall(r"max.connections=(\d+)", str(built))
            assert int(limit) > architecture.connections(project, spare_copies=1)


def test_orders_outlast_the_slowest_restart_of_a_service(distributed_overlays: Overlays) -> None:
    """An order waits longer than any pod may take to drain, start, become ready and be called again."""
    for project, built in distributed_overlays.values():
        service = next((project.folder / "services/orders/src").glob("*/orders_service"))
        default = re.search(r"order_patience: .*default=(\d+)", (service / "patience.py").read_text())
        assert default is not None
        slowest = max(
            _drain_seconds(project, container)
            + container["startupProbe"]["periodSeconds"] * container["startupProbe"]["failureThreshold"]
            + container["readinessProbe"]["periodSeconds"]
            for _, container in manifests.containers(built)
            if f"{PROJECT}-" in container["image"] and "startupProbe" in container
        )
        assert int(default[1]) > slowest + RETRY_SECONDS


def _drain_seconds(project: Project, container: Manifest) -> float:
    """Return how long a process does not take new work before it ends."""
    if container["name"] == "api":
        return float(container["lifecycle"]["preStop"]["sleep"]["seconds"])
    hosting = (project.folder / "libs/src/chassis/serving/service.py").read_text()
    finish = re.search(r"FINISH_TIMEOUT_SECONDS = ([\d.]+)", hosting)
    assert finish is not None
    return float(finish[1])


def expected_flows(project: Project, overlay: str) -> set[flows.Flow]:
    """Return the flows of an overlay: the calls, and those to components."""
    return _calls(project) | (_inside(project) if overlay == "development" else _outside(project))


def _calls(project: Project) -> set[flows.Flow]:
    """Return the flows between services, and from the edge to each."""
    host = architecture.host
    found = {(edge(project), name, 8000) for name in hosts(architecture.answering(project))}
    for process, service in architecture.processes(project).items():
        for caller, provider in architecture.calls(project):
            # Workers make no calls except to fetch the public keys that verify tokens.
            if caller == service and (process == host(service) or provider == "identity"):
                found.add((process, host(provider), 8000))
    return found


def _databases(project: Project, database: str) -> set[flows.Flow]:
    port = DATABASE_PORT[str(project.options["database"])]
    stateful = architecture.stateful(project)
    pods = {pod for pod, service in architecture.processes(project).items() if service in stateful}
    return {(pod, database, port) for pod in pods | {f"{name}-migrate" for name in hosts(stateful)}}


def _clients(project: Project, kafka: str, port: int) -> set[flows.Flow]:
    """Return the flows to Kafka."""
    event_services = architecture.event_services(project)
    return {
        (pod, kafka, port)
        for pod, service in architecture.processes(project).items()
        if service in event_services
    }


def _inside(project: Project) -> set[flows.Flow]:
    """Return the flows to components, all inside the namespace."""
    options, everyone = project.options, set(architecture.processes(project))
    found = _databases(project, "database") | _clients(project, "broker", 9092)
    if architecture.event_services(project):
        found.add(("topics", "broker", 9092))
    if options["cache"] != "memory":
        found |= {(name, "cache", CACHE_PORT[str(options["cache"])]) for name in architecture.cached(project)}
    if options["auth"] == "oauth2":
        found |= {(name, "keycloak", 8080) for name in everyone | {edge(project)}}
    if options["observability"]:
        found |= {(name, "collector", 4318) for name in everyone} | {("collector", "jaeger", 4317)}
        found |= {("prometheus", name, 8000) for name in everyone} | {("prometheus", "collector", 8888)}
        found |= {("grafana", "prometheus", 9090), ("grafana", "jaeger", 16686)}
    return found


def _outside(project: Project) -> set[flows.Flow]:
    """Return the flows to components, all managed outside the cluster."""
    options, everyone = project.options, set(architecture.processes(project))
    found = _databases(project, PRIVATE) | _clients(project, "kafka", 9093)
    if architecture.event_services(project):
        found |= {("kafka", "kafka", 9090), ("kafka", "kafka", 9091), ("namespace:keda", "kafka", 9093)}
        # The topic and user operators configure Kafka, and call the Kubernetes API wherever it is.
        # Brokers ask it for their zone.
        operators, exporter = "kafka-entity-operator", "kafka-kafka-exporter"
        found.add((operators, "kafka", 9091))
        found |= {(name, ANYWHERE, port) for name in (operators, "kafka") for port in (443, 6443)}
        if options["observability"]:
            found.add((exporter, "kafka", 9091))
            found.add(("namespace:observability", exporter, 9404))
    if options["cache"] != "memory":
        found |= {(name, PRIVATE, CACHE_PORT[str(options["cache"])]) for name in architecture.cached(project)}
    if options["auth"] == "oauth2":
        found |= {(name, ANYWHERE, 443) for name in everyone}
    if options["observability"]:
        found |= {(name, "namespace:observability", 4318) for name in everyone}
        found |= {("namespace:observability", name, 8000) for name in everyone}
    return found


def workload(process: str) -> str:
    """Return the Deployment of a kind of process."""
    return process if process.endswith("-worker") else f"{process}-service"


def workload_of(container: str) -> str:
    """Return the name of the workload of a container, without the tag of a migration."""
    return container.split("/")[1].removesuffix(f"-{TAG}")


def prefixes(built: list[Manifest]) -> dict[str, str]:
    """Return the services that the edge routes to, by path prefix."""
    if routes := [each for each in references.of_kind(built, "HTTPRoute") if _name(each) != "keycloak"]:
        rules = [rule for route in routes for rule in route["spec"]["rules"]]
        paths = [(match["path"], rule["backendRefs"]) for rule in rules for match in rule["matches"]]
        assert {path["type"] for path, _ in paths} == {"PathPrefix"}
        return {path["value"]: backend["name"] for path, (backend,) in paths}
    (ingress,) = (each for each in references.of_kind(built, "Ingress") if _name(each) == PROJECT)
    (rule,) = ingress["spec"]["rules"]
    assert {each["pathType"] for each in rule["http"]["paths"]} == {"Prefix"}
    return {each["path"]: each["backend"]["service"]["name"] for each in rule["http"]["paths"]}


def users(built: list[Manifest], key: str) -> set[str]:
    """Return the workloads that get a key of the Secret."""
    return {
        workload_of(name)
        for name, container in manifests.containers(built)
        for variable in container.get("env", [])
        if variable.get("valueFrom", {}).get("secretKeyRef", {}).get("key") == key
    }


def _name(manifest: Manifest) -> str:
    name: str = manifest["metadata"]["name"]
    return name
