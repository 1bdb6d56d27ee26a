"""Manifests of every overlay are valid and consistent, and allow only the expected network flows."""

import re
from collections.abc import Callable

import pytest

from . import architecture
from .checks import custom, flows, manifests, references
from .checks.manifests import Manifest
from .projects import PROJECT, Project

pytestmark = pytest.mark.slow
Overlays = dict[tuple[str, str], tuple[Project, list[Manifest]]]
DATABASE_PORT = {"postgresql": 5432, "mysql": 3306}
CACHE_PORT = {"redis": 6379, "memcached": 11211}
INGRESS = {"nginx": "namespace:nginx-ingress", "haproxy": "namespace:haproxy-controller"}
GATEWAY = "namespace:gateway"
PRIVATE, ANYWHERE = "10.0.0.0/8", "0.0.0.0/0"
TAG = "1.0.0"
"""Tag of the images in a new production overlay, and end of the names of its migrations."""
DNS = (("namespace:kube-system", 53), ("169.254.0.0/16", 53), ("namespace:openshift-dns", 5353))


@pytest.mark.parametrize(
    "check",
    [
        manifests.schema,
        custom.schema,
        manifests.resources,
        references.selectors,
        references.services,
        references.targets,
        references.volumes,
        references.probes,
        references.migrations,
        flows.unguarded,
    ],
    ids=lambda check: check.__name__,
)
def test_manifests(overlays: Overlays, check: Callable[[list[Manifest]], list[str]]) -> None:
    """Each check passes for every overlay."""
    assert {key: found for key, (_, built) in overlays.items() if (found := check(built))} == {}


def test_images_are_pinned(overlays: Overlays) -> None:
    """Each image has an exact version, except the one that is built here and loaded into the node."""
    for _, built in overlays.values():
        assert manifests.images(built, f"{PROJECT}:development") == []


def test_settings_exist(overlays: Overlays) -> None:
    """Every ConfigMap key exists; every Secret key is in the generated secrets or in the README."""
    for (label, overlay), (project, built) in overlays.items():
        if overlay == "development":
            keys = set(project.variables("deploy/kubernetes/secrets.env"))
        else:
            table = [
                line for line in project.text("deploy/kubernetes/README.md").splitlines() if line[:3] == "| `"
            ]
            keys = {
                word
                for line in table
                for word in line.split("|")[1].replace("`", "").replace(",", "").split()
            }
        assert references.settings(built, keys) == [], (label, overlay)


def test_exactly_the_flows_of_the_architecture(overlays: Overlays) -> None:
    """Network policies allow exactly the expected flows, at both ends."""
    for (label, overlay), (project, built) in overlays.items():
        expected = expected_flows(project, overlay)
        everyone = {pod["metadata"]["labels"][flows.COMPONENT] for _, pod in manifests.workloads(built)}
        dns = {(each, server, port) for each in everyone for server, port in DNS}
        passing, half = flows.allowed(built)
        assert half == [], (label, overlay)
        assert passing == expected | dns, (label, overlay)


def test_every_overlay_is_isolated_and_restricted(overlays: Overlays) -> None:
    """All objects are in the overlay's namespace, which admits only restricted pods."""
    for _, built in overlays.values():
        (namespace,) = references.of_kind(built, "Namespace")
        assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
        others = {each["metadata"].get("namespace") for each in built if each is not namespace}
        assert others == {namespace["metadata"]["name"]}


def test_no_secret_is_in_the_manifests(overlays: Overlays) -> None:
    """Manifests refer to secrets and never contain them."""
    for _, built in overlays.values():
        assert list(references.of_kind(built, "Secret")) == []


def test_sizes_come_from_the_options(overlays: Overlays) -> None:
    """The sizes in the options are the sizes in the manifests."""
    for project, built in overlays.values():
        (scaler,) = references.of_kind(built, "HorizontalPodAutoscaler")
        assert (scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"]) == (2, 6)
        (api,) = (each for name, each in manifests.containers(built) if name == f"Deployment/{PROJECT}/api")
        assert api["resources"]["requests"] == {
            "cpu": "500m",
            "memory": "384Mi" if project.in_python else "512Mi",
            "ephemeral-storage": "128Mi",
        }


def test_the_database_allows_the_connections_of_all_copies(overlays: Overlays) -> None:
    """They may have their maximum number of replicas, and one more while they are updated."""
    for (_, overlay), (project, built) in overlays.items():
        if overlay == "development":
            (limit,) = re.findall(r"max.connections=(\d+)", str(built))
            assert int(limit) > architecture.connections(project, spare_copies=1)


def expected_flows(project: Project, overlay: str) -> set[flows.Flow]:
    """Return the flows of an overlay."""
    return development(project) if overlay == "development" else production(project)


def edge(project: Project) -> str:
    """Return the peer through which requests get into the cluster."""
    is_ingress = project.options.get("routing") == "ingress"
    return INGRESS[str(project.options["load_balancer"])] if is_ingress else GATEWAY


def development(project: Project) -> set[flows.Flow]:
    """Return the expected flows if all components are inside the namespace."""
    options = project.options
    database = DATABASE_PORT[str(options["database"])]
    found = {(edge(project), "api", 8000)}
    found |= {("api", "database", database), ("migrate", "database", database)}
    if options["cache"] != "memory":
        found.add(("api", "cache", CACHE_PORT[str(options["cache"])]))
    if options["auth"] == "oauth2":
        found |= {("api", "keycloak", 8080), (edge(project), "keycloak", 8080)}
    if options["observability"]:
        found |= {("api", "collector", 4318), ("collector", "jaeger", 4317)}
        found |= {("prometheus", "api", 8000), ("prometheus", "collector", 8888)}
        found |= {("grafana", "prometheus", 9090), ("grafana", "jaeger", 16686)}
    return found


def production(project: Project) -> set[flows.Flow]:
    """Return the expected flows if all components except the shop are outside the cluster."""
    options = project.options
    database = DATABASE_PORT[str(options["database"])]
    found = {(edge(project), "api", 8000)}
    found |= {("api", PRIVATE, database), ("migrate", PRIVATE, database)}
    if options["cache"] != "memory":
        found.add(("api", PRIVATE, CACHE_PORT[str(options["cache"])]))
    if options["auth"] == "oauth2":
        found.add(("api", ANYWHERE, 443))
    if options["observability"]:
        found |= {("api", "namespace:observability", 4318), ("namespace:observability", "api", 8000)}
    return found
