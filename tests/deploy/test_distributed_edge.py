"""The edge of services: each path reaches its service, and no other path is routed."""

import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import architecture, edges, named, standins
from .clients import ask, wait_for
from .projects import Project
from .test_edge import BOTH, REPLAYING

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Edge:
    """Running edge, its project, and the requests that reached two stand-ins for `orders`."""

    port: int
    project: Project
    journal: Path


def chosen(distributed: list[Project], kind: str) -> Project:
    """Project with this edge and with added services."""
    return next(
        each
        for each in distributed
        if each.options["load_balancer"] == kind and each.options["extra_services"]
    )


@pytest.fixture(params=BOTH, scope="module")
def edge(
    request: pytest.FixtureRequest, distributed: list[Project], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Edge]:
    """Edge in front of servers that return their names."""
    kind, folder = request.param, tmp_path_factory.mktemp(f"named-{request.param}")
    project = chosen(distributed, kind)
    with named.serve(architecture.hosts(architecture.answering(project))) as servers:
        text = project.text(edges.CONFIGURATION[kind])
        with edges.serve(kind, text, servers, folder, [edges.NO_LIMIT[kind]]) as port:
            wait_for(port)
            yield Edge(port, project, folder / "journal")


def start(
    stack: ExitStack, distributed: list[Project], kind: str, folder: Path, changes: list[edges.Change]
) -> Edge:
    """Run the edge in front of two copies of `orders` that tests can kill."""
    project = chosen(distributed, kind)
    copies = [stack.enter_context(standins.serve(folder))[1] for _ in range(2)]
    text = project.text(edges.CONFIGURATION[kind])
    port = stack.enter_context(edges.serve(kind, text, {"orders": copies}, folder, changes))
    wait_for(port)
    return Edge(port, project, folder / "journal")


@pytest.fixture(params=BOTH)
def mortal(request: pytest.FixtureRequest, distributed: list[Project], tmp_path: Path) -> Iterator[Edge]:
    """Edge in front of two copies of `orders`, without a rate limit."""
    with ExitStack() as stack:
        yield start(stack, distributed, request.param, tmp_path, [edges.NO_LIMIT[request.param]])


@pytest.mark.parametrize("kind", BOTH)
def test_every_configuration_is_valid(distributed: list[Project], tmp_path: Path, kind: str) -> None:
    """The server accepts the configuration of every project without a warning."""
    projects = [project for project in distributed if project.options["load_balancer"] == kind]
    assert len(projects) > 1
    for number, project in enumerate(projects):
        path = tmp_path / f"{number}.cfg"
        text = project.text(edges.CONFIGURATION[kind])
        path.write_text(edges.localised(kind, text, {}, 1003, tmp_path))
        assert edges.check(kind, path) == ""


def test_each_path_reaches_its_service(edge: Edge) -> None:
    """Each path of the contract and of added services reaches its service."""
    for path, service in architecture.routes(edge.project).items():
        answer = json.loads(ask(edge.port, path).body)
        assert answer == {"service": architecture.host(service), "path": path}


@pytest.mark.parametrize(
    "path",
    [
        "/internal/products/lookup",
        "/internal/audit",
        "/metrics",
        "/docs/../internal/audit",
        "/openapi.json",
        "/openapi/notifications.json",
        "/",
        "/v1",
        "/v1/",
        "/v1/nobody",
        "/v1/productsandmore",
        "/v1/cartel",
        "/v1/ordersandmore/1",
        "/catalog/internal/products/lookup",
        "/%69nternal/audit",
        "//internal/audit",
        "/v1/cart/../../internal/carts/1",
        "/v1/cart/%2e%2e/%2e%2e/internal/carts/1",
    ],
)
def test_nothing_else_is_routed(edge: Edge, path: str) -> None:
    """The edge refuses any other path with a problem document, however the path is encoded."""
    answer = ask(edge.port, path)
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(answer.body)["type"] == "urn:problem:not-found"


def test_the_documents_of_all_services_are_on_one_page(edge: Edge) -> None:
    """The page, its files and the document of each service with an API are reachable."""
    for path in ("/docs", "/docs/docs.js", "/docs/oauth2-redirect"):
        assert json.loads(ask(edge.port, path).body)["service"] == "orders"
    for service in set(architecture.routes(edge.project).values()):
        answer = json.loads(ask(edge.port, f"/openapi/{service}.json").body)
        assert answer["service"] == architecture.host(service)


def test_failed_service_does_not_affect_others(mortal: Edge) -> None:
    """Without a running copy, a service gets 503 with Retry-After; other services keep working."""
    for _ in range(3):
        answer = ask(mortal.port, "/v1/wallet")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
        assert ask(mortal.port, "/v1/orders").status == 200


def test_read_is_retried_on_another_copy(mortal: Edge) -> None:
    """A read whose server crashes is retried on the other server."""
    answer = ask(mortal.port, "/v1/orders", headers={"X-Request-ID": "read", "X-Crash": "1"})
    assert answer.status == 200
    assert standins.seen(mortal.journal)["read"] == 2


def test_a_post_is_never_sent_twice(mortal: Edge) -> None:
    """A POST whose server crashes is not retried: the client gets an error and decides."""
    answer = ask(mortal.port, "/v1/orders", "POST", {"X-Request-ID": "change", "X-Crash": "1"})
    assert standins.seen(mortal.journal)["change"] == 1
    assert (answer.status, json.loads(answer.body)["type"]) == (503, "urn:problem:unavailable")


@pytest.mark.parametrize("kind", BOTH)
def test_without_the_guard_a_post_is_sent_twice(
    distributed: list[Project], tmp_path: Path, kind: str
) -> None:
    """Without the line that forbids replays, a POST arrives twice."""
    with ExitStack() as stack:
        edge = start(stack, distributed, kind, tmp_path, [REPLAYING[kind]])
        ask(edge.port, "/v1/orders", "POST", {"X-Request-ID": "change", "X-Crash": "1"})
        assert standins.seen(edge.journal)["change"] == 2


def test_stream_is_not_buffered(distributed: list[Project], tmp_path: Path) -> None:
    """The first event arrives before the second is sent."""
    for kind in BOTH:
        project = chosen(distributed, kind)
        folder = tmp_path / kind
        folder.mkdir()
        service = "analytics" if architecture.event_services(project) else "orders"
        with standins.serve(folder) as (_, server):
            text = project.text(edges.CONFIGURATION[kind])
            with edges.serve(kind, text, {"orders": [server], service: [server]}, folder) as port:
                wait_for(port)
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", f"/v1/{service}/stream")
                response = connection.getresponse()
                assert response.readline() == b"data: 1\n"
                ask(port, f"/v1/{service}/next")
                assert response.read() == b"\ndata: 2\n\n"
                connection.close()
