"""Both load balancers, run in front of two stand-ins: routing, caching, limits and headers."""

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import pytest

from . import edges, standins
from .clients import ask, load, wait_for
from .projects import Project

pytestmark = pytest.mark.slow

BOTH = ("nginx", "haproxy")


@dataclass(frozen=True)
class Edge:
    """Running edge and the servers behind it."""

    kind: str
    port: int
    servers: list[Popen[bytes]]
    journal: Path


def configuration(projects: list[Project], edge: str) -> str:
    """Return the configuration of a project with this edge."""
    project = next(each for each in projects if each.options["load_balancer"] == edge)
    return project.text(edges.CONFIGURATION[edge])


def start(stack: ExitStack, edge: str, text: str, folder: Path, changes: list[edges.Change]) -> Edge:
    """Run two stand-ins and the edge in front of them."""
    servers = [stack.enter_context(standins.serve(folder)) for _ in range(2)]
    port = stack.enter_context(edges.serve(edge, text, [port for _, port in servers], folder, changes))
    wait_for(port)
    return Edge(edge, port, [process for process, _ in servers], folder / "journal")


@pytest.fixture(params=BOTH, scope="module")
def edge(
    request: pytest.FixtureRequest, projects: list[Project], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Edge]:
    """Edge of a generated project without a rate limit; tests must not kill its servers."""
    kind = request.param
    folder = tmp_path_factory.mktemp(kind)
    with ExitStack() as stack:
        yield start(stack, kind, configuration(projects, kind), folder, [edges.NO_LIMIT[kind]])


@pytest.fixture(params=BOTH)
def mortal(request: pytest.FixtureRequest, projects: list[Project], tmp_path: Path) -> Iterator[Edge]:
    """Edge of a generated project, for one test that kills its servers."""
    kind = request.param
    with ExitStack() as stack:
        yield start(stack, kind, configuration(projects, kind), tmp_path, [edges.NO_LIMIT[kind]])


@pytest.mark.parametrize("kind", BOTH)
def test_every_configuration_is_valid(projects: list[Project], tmp_path: Path, kind: str) -> None:
    """The server accepts the configuration of every project without a warning."""
    texts = {
        project.text(edges.CONFIGURATION[kind])
        for project in projects
        if project.options["load_balancer"] == kind
    }
    assert len(texts) > 1
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.cfg"
        path.write_text(edges.localised(kind, text, [1001, 1002], 1003, tmp_path))
        assert edges.check(kind, path) == ""


def test_defaults_have_names_of_their_own(projects: list[Project]) -> None:
    """No frontend or backend has the name of a `defaults` section, which HAProxy 3.3 and later refuse."""
    text = configuration(projects, "haproxy")
    defaults = set(re.findall(r"^defaults (\S+)", text, re.MULTILINE))
    assert defaults
    assert not defaults & set(re.findall(r"^(?:frontend|backend) (\S+)", text, re.MULTILINE))


@pytest.mark.parametrize(
    "path",
    [
        "/internal/audit",
        "/metrics",
        "/",
        "/v1",
        "/%69nternal/audit",
        "//internal/audit",
        "/v1/../internal/audit",
        "/v1/%2e%2e/internal/audit",
        "/v1/..;/internal/audit",
        "/v1/%2e%2e;x=1/internal/audit",
        "/v1/..\\internal/audit",
    ],
)
def test_nothing_internal_is_routed(edge: Edge, path: str) -> None:
    """The edge refuses a path that is not public with a problem document, however it is encoded."""
    answer = ask(edge.port, path, headers={"X-Request-ID": "outside"})
    assert standins.seen(edge.journal)["outside"] == 0
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.body)["type"] == "urn:problem:not-found"


def test_a_zero_byte_in_a_path_is_refused(edge: Edge) -> None:
    """Both edges refuse it in the same way, before the shop sees it; in a query it is text."""
    answer = ask(edge.port, "/v1/orders/%00", headers={"X-Request-ID": "zero"})
    assert (answer.status, json.loads(answer.body)["type"]) == (400, "urn:problem:bad-request")
    assert standins.seen(edge.journal)["zero"] == 0
    assert ask(edge.port, "/v1/products?q=%00").status == 200


def test_request_id_is_kept_or_replaced(edge: Edge) -> None:
    """A valid request ID is kept, also on errors; any other is replaced."""
    assert (
        ask(edge.port, "/v1/cart", headers={"X-Request-ID": "Kept-1.a_b"}).headers["X-Request-ID"]
        == "Kept-1.a_b"
    )
    assert standins.seen(edge.journal)["Kept-1.a_b"] == 1
    refused = ask(edge.port, "/nowhere", headers={"X-Request-ID": "kept-2"})
    assert json.loads(refused.body)["request_id"] == refused.headers["X-Request-ID"] == "kept-2"
    for bad in ("a b", "x" * 65, "<script>", 'fine, "or":"not'):
        answer = ask(edge.port, "/v1/cart", headers={"X-Request-ID": bad})
        assert len(answer.headers.get_all("X-Request-ID", [])) == 1
        assert answer.headers["X-Request-ID"] not in (bad, "")


def test_the_second_of_two_request_ids_is_checked_too(edge: Edge) -> None:
    """Each header line and each part of one is checked: what is kept is in the log of the edge."""
    ids = b"X-Request-ID: fine\r\nX-Request-ID: <b>\r\n"
    request = b"GET /v1/cart HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n" + ids + b"\r\n"
    with socket.create_connection(("127.0.0.1", edge.port), 10) as connection:
        connection.sendall(request)
        head = connection.makefile("rb").read().partition(b"\r\n\r\n")[0].decode()
    (kept,) = re.findall(r"(?im)^x-request-id: (.*?)\r?$", head)
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", kept)


@pytest.mark.parametrize("kind", BOTH)
def test_a_slow_body_does_not_reach_the_shop(projects: list[Project], tmp_path: Path, kind: str) -> None:
    """A client that sends a body byte by byte occupies the edge, but no connection of the shop."""
    with ExitStack() as stack:
        edge = start(stack, kind, configuration(projects, kind), tmp_path, [])
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", edge.port), 10))
        head = b"POST /v1/orders HTTP/1.1\r\nHost: shop\r\nX-Request-ID: slow\r\nContent-Length: 3\r\n\r\n"
        connection.sendall(head + b"[")
        time.sleep(1)
        assert standins.seen(edge.journal)["slow"] == 0
        connection.sendall(b"1]")
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert standins.seen(edge.journal)["slow"] == 1


def test_public_reads_are_cached_for_two_seconds(edge: Edge) -> None:
    """A cached product is fetched once; each response has its own request ID; a known version gets 304."""
    answers = [ask(edge.port, "/v1/products/a") for _ in range(10)]
    assert standins.paths(edge.journal)["/v1/products/a"] == 1
    assert len({answer.headers["X-Request-ID"] for answer in answers}) == 10
    assert ask(edge.port, "/v1/products/a", headers={"If-None-Match": '"1"'}).status == 304
    assert standins.paths(edge.journal)["/v1/products/a"] == 1
    time.sleep(3.1)
    assert ask(edge.port, "/v1/products/a").status == 200
    assert standins.paths(edge.journal)["/v1/products/a"] == 2


def test_private_responses_are_not_cached(edge: Edge) -> None:
    """A signed-in caller never gets a cached response, and none is stored."""
    signed = {"Authorization": "Bearer x"}
    for _ in range(3):
        ask(edge.port, "/v1/products/b", headers=signed)
        ask(edge.port, "/v1/cart/b")
    assert standins.paths(edge.journal)["/v1/products/b"] == 3
    assert standins.paths(edge.journal)["/v1/cart/b"] == 3
    ask(edge.port, "/v1/products/b")
    assert standins.paths(edge.journal)["/v1/products/b"] == 4


def test_large_bodies_are_refused(edge: Edge) -> None:
    """A body of 64 KiB is accepted, and a larger one gets 413."""
    assert ask(edge.port, "/v1/orders", "POST", body=b"x" * 65536).status == 200
    answer = ask(edge.port, "/v1/orders", "POST", body=b"x" * 65537)
    assert (answer.status, json.loads(answer.body)["type"]) == (413, "urn:problem:too-large")


MALFORMED = {
    "no host": b"GET /v1/cart HTTP/1.1\r\n\r\n",
    "two lengths": (
        b"POST /v1/cart/two-lengths HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
    ),
    "a long path": b"GET /v1/" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: shop\r\n\r\n",
    "a long header": b"GET /v1/cart HTTP/1.1\r\nHost: shop\r\nheader: " + b"a" * 40_000 + b"\r\n\r\n",
    "another encoding": b"POST /v1/cart HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: odd\r\n\r\n",
    "another method": b"TRACE /v1/cart HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n",
    "another version": b"GET /v1/cart HTTP/3.0\r\nHost: shop\r\nConnection: close\r\n\r\n",
}


FORWARDED_BY_HAPROXY = {"no host", "another method", "another version"}
UNANSWERED_BY_HAPROXY = {"two lengths"}
"""HAProxy 3.4.4 and later close the connection if a head is malformed behind the length of its body."""


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_requests_get_problem_documents(edge: Edge, name: str) -> None:
    """The edge refuses them in the form of all errors, as it does what the shop never sees."""
    if not edges.answers_malformed_requests(edge.kind):
        pytest.skip("HAProxy before 3.3 has fixed responses")
    if edge.kind == "haproxy" and name in FORWARDED_BY_HAPROXY:
        pytest.skip("HAProxy leaves the answer to the shop")
    with socket.create_connection(("127.0.0.1", edge.port), 10) as connection:
        connection.sendall(MALFORMED[name])
        answer = connection.makefile("rb").read()
    if not answer and edge.kind == "haproxy" and name in UNANSWERED_BY_HAPROXY:
        assert edges.haproxy_version() >= (3, 4, 4)
        assert standins.paths(edge.journal)["/v1/cart/two-lengths"] == 0
        return
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    assert status in {400, 414, 422, 431, 501, 505}
    assert b"content-type: application/problem+json" in head.lower()
    assert json.loads(body)["status"] == status


def test_a_request_that_does_not_end_gets_a_problem_document(projects: list[Project], tmp_path: Path) -> None:
    """HAProxy answers it after its time limit; NGINX closes the connection."""
    if not edges.answers_malformed_requests("haproxy"):
        pytest.skip("HAProxy before 3.3 has fixed responses")
    with ExitStack() as stack:
        text = configuration(projects, "haproxy")
        change = ("timeout http-request 10s", "timeout http-request 1s")
        edge = start(stack, "haproxy", text, tmp_path, [change])
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", edge.port), 10))
        connection.sendall(b"GET /v1/cart HTTP/1.1\r\nHost")
        head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["type"] == "urn:problem:timeout"


def test_web_pages_may_read_errors_of_the_edge(edge: Edge) -> None:
    """An error of the edge admits every origin; a response of the shop admits those that the shop names."""
    assert ask(edge.port, "/nowhere").headers.get_all("Access-Control-Allow-Origin") == ["*"]
    assert ask(edge.port, "/v1/cart").headers.get_all("Access-Control-Allow-Origin") is None


def test_redirects_name_no_host(edge: Edge) -> None:
    """A redirect of the edge is relative to the address that the client used."""
    assert ask(edge.port, "/grafana").headers.get("Location") in (None, "/grafana/")


def test_security_headers(edge: Edge) -> None:
    """Responses of shop and edge have each security header once, and do not name the server."""
    for path in ("/v1/cart", "/nowhere"):
        headers = ask(edge.port, path).headers
        assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
        assert headers.get_all("X-Frame-Options") == ["DENY"]
        assert headers.get_all("Referrer-Policy") == ["no-referrer"]
        assert headers.get("Server") in (None, "nginx")


@pytest.mark.parametrize("kind", BOTH)
def test_each_client_is_rate_limited(projects: list[Project], tmp_path: Path, kind: str) -> None:
    """A burst is accepted; further requests get 429 with Retry-After."""
    with ExitStack() as stack:
        edge = start(stack, kind, configuration(projects, kind), tmp_path, [])
        answers = [ask(edge.port, "/v1/cart") for _ in range(600)]
    refused = [answer for answer in answers if answer.status == 429]
    assert 150 <= len(answers) - len(refused) < 600
    assert all(answer.status == 200 for answer in answers[:100])
    assert json.loads(refused[0].body)["type"] == "urn:problem:too-many-requests"
    assert refused[0].headers["Retry-After"] == "1"


@pytest.mark.parametrize("kind", BOTH)
def test_a_trial_can_be_audited_and_measured(
    projects: list[Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """With compose.trial.yaml, the audit is routed, and one client may send any number of requests."""
    project = next(each for each in projects if each.options["load_balancer"] == kind)
    with ExitStack() as stack:
        changes = edges.trial(project, monkeypatch)
        edge = start(stack, kind, project.text(edges.CONFIGURATION[kind]), tmp_path, changes)
        assert ask(edge.port, "/internal/audit").status == 200
        assert {ask(edge.port, "/v1/cart").status for _ in range(600)} == {200}


def test_read_is_retried_on_another_copy(mortal: Edge) -> None:
    """A read whose server crashes is retried on the other server."""
    answer = ask(mortal.port, "/v1/cart", headers={"X-Request-ID": "read", "X-Crash": "1"})
    assert answer.status == 200
    assert standins.seen(mortal.journal)["read"] == 2


def test_a_post_is_never_sent_twice(mortal: Edge) -> None:
    """A POST whose server crashes is not retried: the client gets an error and decides."""
    answer = ask(mortal.port, "/v1/orders", "POST", {"X-Request-ID": "change", "X-Crash": "1"})
    assert standins.seen(mortal.journal)["change"] == 1
    assert answer.status == 503
    assert json.loads(answer.body)["type"] == "urn:problem:unavailable"
    assert answer.headers["Retry-After"] == "1"


def test_a_post_on_a_used_connection_is_answered(mortal: Edge) -> None:
    """A POST whose server crashes gets an error also if its connection had a request before."""
    if mortal.kind == "haproxy" and edges.haproxy_version() < (3, 0):
        pytest.skip("HAProxy before 3.0 closes used connections of clients without an answer")
    connection = http.client.HTTPConnection("127.0.0.1", mortal.port, timeout=10)
    with closing(connection):
        connection.request("GET", "/v1/cart")
        assert connection.getresponse().read()
        connection.request("POST", "/v1/orders", headers={"X-Request-ID": "change", "X-Crash": "1"})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["type"]) == (503, "urn:problem:unavailable")
    assert standins.seen(mortal.journal)["change"] == 1


REPLAYING: dict[str, edges.Change] = {
    "nginx": (r"proxy_next_upstream error timeout;", "proxy_next_upstream error timeout non_idempotent;"),
    "haproxy": (r"http-request disable-l7-retry.*", ""),
}


@pytest.mark.parametrize("kind", BOTH)
def test_without_the_guard_a_post_is_sent_twice(projects: list[Project], tmp_path: Path, kind: str) -> None:
    """Without the line that forbids replays, a POST arrives twice."""
    with ExitStack() as stack:
        edge = start(stack, kind, configuration(projects, kind), tmp_path, [REPLAYING[kind]])
        ask(edge.port, "/v1/orders", "POST", {"X-Request-ID": "change", "X-Crash": "1"})
        assert standins.seen(edge.journal)["change"] == 2


def test_killing_a_server_under_load_fails_no_read(mortal: Edge) -> None:
    """After kill -9 with requests in flight, every read succeeds, no POST runs twice, and few fail."""
    with load(mortal.port) as result:
        time.sleep(1)
        mortal.servers[0].kill()
        time.sleep(2)
    assert result.answers > 200
    assert result.failed_reads == []
    posts = result.posted | result.failed_posts
    assert {id for id, count in standins.seen(mortal.journal).items() if id in posts and count > 1} == set()
    assert len(result.failed_posts) <= 8
