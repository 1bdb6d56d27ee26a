"""A shop of the Spring stack builds, passes its own tests, and keeps its contract on H2 and PostgreSQL."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from templates.shared.acceptance.client import connect
from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.seeder import Seeder, assert_eventually
from tests.deploy.checks import metrics
from tests.servers.databases import deadlocks, postgresql
from tests.servers.process import eventually, free_port
from tests.servers.proxy import proxied

from .audited import ADMIN, SETTINGS
from .combinations import Combination
from .projects import tree_of, write
from .running import PACKAGE
from .spring import java_home, make, serving, tools, without_driver
from .spring_served import Served, served
from .two_replicas import through

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("one_build_at_a_time")]

SOURCES = f"src/main/java/com/example/{PACKAGE}"
OTHERS: Combination = {
    "stack": "spring",
    "auth": "oauth2",
    "observability": False,
    "content": True,
    "extra_contexts": ["a", "gift_cards"],
}
"""What the default is not."""
REQUEST = "the-request"
HIDDEN = "s3cret"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
FORBIDDEN = f"""package com.example.{PACKAGE}.cart;

/** Uses another context. */
class Planted {{

    private final Class<?> other = com.example.{PACKAGE}.catalog.%s.class;
}}
"""


@pytest.fixture(scope="module")
def variables() -> dict[str, str]:
    """The JDK, and the Python of the clients."""
    return tools()


@pytest.fixture(scope="module")
def project(variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that has passed `make test`, with its jar."""
    folder = write(tree_of({"stack": "spring"}), tmp_path_factory.mktemp("spring") / "shop")
    make(folder, variables, "test")
    return folder


def test_the_shop_passes_its_own_tests(project: Path) -> None:
    """Format, Error Prone, boundaries, unit tests, and the acceptance suite and the audit on H2 pass."""
    assert (project / "target/shop.jar").exists()


def test_the_shop_keeps_its_contract_on_postgresql(
    project: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    """The acceptance suite and the audit pass on a real PostgreSQL, without a deadlock."""
    with postgresql(tmp_path, natural_order=True) as url:
        database = without_driver(url)
        make(project, variables | {"TEST_DATABASE_URL": database}, "acceptance")
    assert deadlocks(tmp_path) == 0


def test_an_order_takes_four_round_trips(project: Path, tmp_path: Path) -> None:
    """An order of one product waits for PostgreSQL four times (docs/decisions/0171)."""
    with postgresql(tmp_path) as url, proxied(urlsplit(url).port or 0) as proxy:
        database = {"DATABASE_URL": without_driver(through(url, proxy))}
        with (
            serving(project, tmp_path, SETTINGS | database, "migrate", "serve") as shop,
            connect(f"http://127.0.0.1:{shop.port}") as http,
        ):
            eventually(lambda: shop.ready() == 200)
            accounts = Accounts(http)
            seeder = Seeder(accounts.sign_in(ADMIN), accounts)
            customer, sku = seeder.customer(balance=1_000_000), seeder.product(stock=100)
            trips = []
            for _ in range(20):
                before = proxy.round_trips
                assert customer.send(customer.place_request({sku: 1})).status_code == 202
                trips.append(proxy.round_trips - before)
                # The relay of events and the poll for them are counted too, but not in every order.
                time.sleep(0.2)
    assert min(trips) == 4, trips


def test_a_new_process_waits_for_its_database_and_its_migrations(project: Path, tmp_path: Path) -> None:
    """It serves and says once what it waits for, is ready after the migrations, and does not end."""
    with postgresql(tmp_path) as url, proxied(free_port()) as proxy:
        database = {"DATABASE_URL": without_driver(through(url, proxy))}
        with serving(project, tmp_path, SETTINGS | database, "serve") as shop:
            assert shop.get("/livez").status_code == 200
            waiting = shop.get("/readyz")
            assert waiting.status_code == 503
            assert waiting.json()["checks"]["database"] == "pending"
            eventually(lambda: shop.logged("Waiting for the database") == 1)
            proxy.redirect(urlsplit(url).port or 0)
            eventually(lambda: shop.logged("Waiting for the migrations") == 1)
            checks = shop.get("/readyz").json()["checks"]
            assert (checks["database"], checks["migrations"]) == ("ok", "pending")
            assert shop.logged("Waiting for the database") == 1
            assert shop.logged("The wait for the database is over") == 1
            with serving(project, tmp_path, SETTINGS | database, "migrate", "serve"):
                eventually(lambda: shop.ready() == 200)
            assert shop.get("/v1/products").status_code == 200
            assert shop.logged("Waiting for") == 2


def test_a_process_warms_up_and_closes_connections_while_it_drains(project: Path, tmp_path: Path) -> None:
    """It calls itself before it is ready; from SIGTERM on, it is not ready, but answers and says goodbye."""
    variables = SETTINGS | {"WARM_UP_SECONDS": "1", "DRAIN_SECONDS": "4"}
    with serving(project, tmp_path, variables, "migrate", "serve") as shop:
        eventually(lambda: shop.ready() == 200)
        assert shop.logged("Warmed up for") == 1
        with httpx2.Client(base_url=f"http://127.0.0.1:{shop.port}", trust_env=False) as client:
            assert client.get("/v1/products").headers.get("connection") != "close"
            shop.process.send_signal(signal.SIGTERM)
            eventually(lambda: shop.ready() == 503)
            last = client.get("/v1/products")
        assert (last.status_code, last.headers["connection"]) == (200, "close")
        assert shop.process.wait(60) == 143


def test_a_new_process_is_ready_once_it_is_warm(project: Path, tmp_path: Path) -> None:
    """Its first requests would be slow, so it is not ready before it has sent itself some."""
    with serving(project, tmp_path, SETTINGS | {"WARM_UP_SECONDS": "10"}, "migrate", "serve") as shop:
        eventually(lambda: shop.ready() == 200)
        assert shop.logged("Warmed up for") == 1


@pytest.mark.parametrize(
    "setting",
    [
        f"DATABASE_URL=postgresql://shop:{HIDDEN} word@db/shop",
        f"DATABASE_URL=postgresql://shop:{HIDDEN}@db:99999/shop",
        f"SIGNING_KEYS={HIDDEN}",
        "SIGNING_KEYS",
        f"SMTP_URL=smtp://shop:{HIDDEN} word@mail",
        "ADMIN_EMAIL=nobody",
        "DATABASE_POOL_SIZE=0",
        "DRAIN_SECONDS=-1",
        "WARM_UP_SECONDS=soon",
        "AUDIT_ENABLED=yes",
        "ORDERS_PER_USER=many",
        "KEEP_INBOX_DAYS=0",
        "LOG_LEVEL=loud",
        "CORS_ORIGINS=*",
        "PORT=http",
    ],
)
def test_a_malformed_setting_ends_the_program_with_one_sentence(
    project: Path, tmp_path: Path, setting: str
) -> None:
    """The sentence names the variable; nothing shows its value, a class or a stack trace."""
    variable, given, value = setting.partition("=")
    variables = {**os.environ, **SETTINGS, **({variable: value} if given else {})}
    if not given:
        del variables[variable]
    program = [f"{java_home()}/bin/java", "-XX:TieredStopAtLevel=1", "-jar", str(project / "target/shop.jar")]
    done = subprocess.run(
        [*program, "serve"], env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1, done.stdout
    sentence = "is invalid: " if given else "is not set."
    assert f"{variable} {sentence}" in done.stdout
    for hidden in (HIDDEN, "Exception", "\\tat ", " at com."):
        assert hidden not in done.stdout + done.stderr


def test_slow_clients_do_not_fill_the_heap(project: Path, tmp_path: Path) -> None:
    """In the heap of a container, 1,500 requests that never end are not all served at once."""
    options = "-Xmx96m -XX:+UseSerialGC -XX:NewRatio=3 -XX:+ExitOnOutOfMemoryError"
    variables = SETTINGS | {"JAVA_TOOL_OPTIONS": options}
    with serving(project, tmp_path, variables, "migrate", "serve") as shop, ExitStack() as stack:
        eventually(lambda: shop.ready() == 200)
        for _ in range(1500):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            with suppress(BlockingIOError):
                client.connect(("127.0.0.1", shop.port))
            time.sleep(0.002)
            with suppress(OSError):
                client.send(b"GET /livez HTTP/1.1\r\nX-Slow: ")
        time.sleep(2)
        stack.close()
        eventually(lambda: shop.ready() == 200)
        assert shop.logged("java.lang.OutOfMemoryError") == 0


def test_the_log_has_no_secrets_at_any_level(project: Path, tmp_path: Path) -> None:
    """An operator who looks for a fault at level DEBUG shares the log; passwords and tokens are not in it."""
    settings = SETTINGS | {"LOG_LEVEL": "DEBUG"}
    with (
        serving(project, tmp_path, settings, "migrate", "serve") as shop,
        connect(f"http://127.0.0.1:{shop.port}") as http,
    ):
        eventually(lambda: shop.ready() == 200)
        admin = Accounts(http).sign_in(ADMIN)
        assert admin.get("/v1/me").status_code == 200
        assert shop.logged("DEBUG") > 0
        log = shop.log.read_text()
    hidden = (SETTINGS["ADMIN_PASSWORD"], SETTINGS["SIGNING_KEYS"], "Bearer ey", "$argon2id$")
    assert [each for each in hidden if each in log] == []


def test_a_context_that_uses_another_is_refused(
    project: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    """`make check` names both contexts, also where the class is public and the compiler agrees."""
    copy = shutil.copytree(project, tmp_path / "shop")
    public = next(
        path.stem
        for path in sorted((copy / SOURCES / "catalog").glob("*.java"))
        if "\npublic " in path.read_text()
    )
    (copy / SOURCES / "cart/Planted.java").write_text(FORBIDDEN % public)
    output = make(copy, variables, "check", fails=True)
    assert "Module 'cart' depends on module 'catalog'" in output


def test_a_shop_with_another_package_passes_its_checks(variables: dict[str, str], tmp_path: Path) -> None:
    """Another base package, with other options, compiles, is formatted, and has the same boundaries.

    It is a prefix of packages of libraries, which the order of imports must tell from it.
    """
    make(write(tree_of(OTHERS | {"base_package": "o"}), tmp_path / "shop"), variables, "check")


@pytest.mark.long
def test_a_shop_with_an_issuer_passes_its_own_tests(variables: dict[str, str], tmp_path: Path) -> None:
    """The acceptance suite passes with users of the local issuer, and so do the tests of the issuer."""
    make(write(tree_of(OTHERS), tmp_path / "shop"), variables, "test")


def test_without_a_jdk_make_says_which_to_get(tmp_path: Path) -> None:
    """A machine without a JDK that is new enough gets one sentence, before anything is built."""
    project = write(tree_of({"stack": "spring"}), tmp_path / "shop")
    script = (project / "scripts/jdk.sh").read_text()
    (project / "scripts/jdk.sh").write_text(script.replace("-ge 21", "-ge 9999"))
    for target in ("run", "test", "check"):
        output = make(project, {}, target, fails=True)
        assert "This project needs a JDK 21 or newer." in output
        assert not (project / "target").exists()


def test_without_python_the_other_tests_run(project: Path, variables: dict[str, str], tmp_path: Path) -> None:
    """`make test` passes and names what it did not run; `make acceptance` fails with the same sentence."""
    copy = shutil.copytree(project, tmp_path / "shop")
    without = {"JAVA_HOME": variables["JAVA_HOME"], "PYTHON": "no-python"}
    reason = "They need Python 3.11 or newer, and no-python is older or missing."
    assert f"Skipped the acceptance tests. {reason}" in make(copy, without, "test")
    assert reason in make(copy, without, "acceptance", fails=True)


@pytest.fixture(scope="module")
def shop(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A shop that serves, and has confirmed an order."""
    with served(project, tmp_path_factory.mktemp("served")) as shop:
        headers = {"Authorization": f"Bearer {shop.token()}", "Idempotency-Key": "the-key"}
        with httpx2.Client(base_url=shop.url, headers=headers, trust_env=False) as admin:
            amount = {"amount": 100_000, "currency": "EUR"}
            top_up = {"user_id": admin.get("/v1/me").json()["id"], "amount": amount}
            admin.post("/v1/wallet/top-ups", json=top_up).raise_for_status()
            order = {"items": [{"sku": "MUG-BLUE", "quantity": 1}]}
            traced = {"X-Request-ID": REQUEST, "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
            placed = admin.post("/v1/orders", json=order, headers=traced)
            assert placed.json()["state"] == "CONFIRMED"
        yield shop


def test_every_metric_of_the_dashboard_and_the_alerts_is_exported(project: Path, shop: Served) -> None:
    """Metrics have the names, labels and routes that dashboards and alerts of both stacks share."""
    text = httpx2.get(f"{shop.url}/metrics", trust_env=False).raise_for_status().text
    exported = metrics.scraped(text)
    folder = project / "deploy/observability"
    assert metrics.used(folder) - exported.keys() == set()
    for name, labels in metrics.labels(folder).items():
        assert labels <= exported[name] | {"job", "instance"}, name
    document = httpx2.get(f"{shop.url}/openapi.json", trust_env=False).json()
    assert metrics.routes_used(folder) <= document["paths"].keys()
    assert 'orders_total{reason="",state="CONFIRMED"} 1.0' in text.splitlines()
    assert 'http_request_duration_seconds_count{method="POST",route="/v1/orders",status="202"} 1' in text


def test_a_request_is_found_in_the_log_and_among_the_traces(shop: Served) -> None:
    """Each request has one line of JSON with its id and its trace, which continues that of the caller."""
    (line,) = (line for line in shop.lines() if line.get("request_id") == REQUEST and "status" in line)
    assert (line["method"], line["path"], line["status"]) == ("POST", "/v1/orders", 202)
    assert line["trace_id"] == TRACE
    eventually(lambda: any(bytes.fromhex(TRACE) in spans for spans in shop.spans))


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("TRACE /v1/me HTTP/1.1\r\nHost: shop", 405),
        ("GET /v1/me HTTP/1.1\r\nHost: two words", 400),
        ("GET /v1/me HTTP/1.1\r\nHost: shop\r\nHost: other", 400),
        ("GET /v1/{} HTTP/1.1\r\nHost: shop", 400),
        ("GET /v1/%00 HTTP/1.1\r\nHost: shop", 404),
    ],
)
def test_what_no_controller_gets_is_answered_with_a_problem(shop: Served, head: str, status: int) -> None:
    """The server itself refuses some requests; its own error page would be HTML without a request id."""
    with socket.create_connection(("127.0.0.1", urlsplit(shop.url).port or 0)) as client:
        client.sendall(f"{head}\r\nX-Request-ID: {REQUEST}\r\nConnection: close\r\n\r\n".encode())
        response = HTTPResponse(client)
        response.begin()
        problem = json.load(response)
    assert (response.status, response.headers["Content-Type"]) == (status, "application/problem+json")
    assert (problem["status"], problem["request_id"]) == (status, response.headers["X-Request-ID"])


def test_the_documentation_needs_no_network(shop: Served) -> None:
    """The page names only files of the shop, and each of them is there."""
    page = httpx2.get(f"{shop.url}/docs", trust_env=False).raise_for_status().text
    files = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(files) == 4
    for file in (*files, "/docs/oauth2-redirect", "/docs/oauth2-redirect.js"):
        assert httpx2.get(shop.url + file, trust_env=False).status_code == 200, file
    assert httpx2.get(f"{shop.url}/docs/other.js", trust_env=False).status_code == 404


def test_a_client_that_accepts_nothing_is_disconnected(shop: Served) -> None:
    """Until then it holds a thread, and the slot of a stream if it follows one."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", urlsplit(shop.url).port or 0))
        # More than fits into the buffers of both ends.
        client.sendall(b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: shop\r\n\r\n" * 20)
        client.setblocking(False)
        assert_eventually(lambda: is_closed(client), True, within=40)


def is_closed(client: socket.socket) -> bool:
    """Whether the server refuses what the client sends."""
    try:
        client.send(b"\r\n")
    except BlockingIOError:
        return False
    except OSError:
        return True
    return False


def test_metrics_are_served_while_the_database_is_down(shop: Served) -> None:
    """What the database would have to tell is missing, and everything else is there."""
    shop.database.close()
    text = httpx2.get(f"{shop.url}/metrics", trust_env=False, timeout=30).raise_for_status().text
    assert "http_request_duration_seconds_count{" in text
    assert "outbox_waiting{" not in text
