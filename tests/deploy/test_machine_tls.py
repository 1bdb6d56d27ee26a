"""Caddy in front of the edge: certificates from an ACME server, and an edge that is replaced under load.

Caddy and Pebble, a small ACME server, are Go modules, which `make test-long` builds once (build/tls).
"""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.generated.environment import ROOT
from tests.servers.process import free_port, listening, program, running

from . import edges, standins
from .machines import Machine

pytestmark = pytest.mark.long
MODULE = Path(__file__).with_name("tls")
PROGRAMS = ROOT / "build/tls"
DOMAIN = "shop.example.com"
CLIENTS = 4


@pytest.fixture(scope="module")
def pebble_files() -> Path:
    """Return the folder of Pebble's sources, with the certificate that it serves."""
    if not (PROGRAMS / "caddy").exists():
        pytest.skip("Caddy is not built: run `make test-long` where Go is installed")
    command = ["go", "list", "-m", "-f", "{{.Dir}}", "github.com/letsencrypt/pebble/v2"]
    found = subprocess.run(command, cwd=MODULE, capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


class Site:
    """A domain whose certificates come from Pebble, with Caddy on two ports of this machine."""

    def __init__(self, folder: Path, pebble_files: Path) -> None:
        self.folder, self._files = folder, pebble_files
        self.http, self.https, self._acme, self._management, self._dns = (free_port() for _ in range(5))
        self.context = ssl.create_default_context()

    @contextmanager
    def authority(self) -> Iterator[None]:
        """Run Pebble, and a DNS server by which every name is this machine; trust the authority."""
        certificates = self._files / "test/certs"
        configuration = self.folder / "pebble.json"
        settings = {
            "listenAddress": f"127.0.0.1:{self._acme}",
            "managementListenAddress": f"127.0.0.1:{self._management}",
            "certificate": str(certificates / "localhost/cert.pem"),
            "privateKey": str(certificates / "localhost/key.pem"),
            "httpPort": self.http,
            "tlsPort": self.https,
        }
        configuration.write_text(json.dumps({"pebble": settings}))
        names = [str(PROGRAMS / "pebble-challtestsrv"), "-dnsserver", f"127.0.0.1:{self._dns}"]
        names += ["-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", ""]
        management = free_port()
        names += ["-management", f"127.0.0.1:{management}"]
        pebble = [str(PROGRAMS / "pebble"), "-config", str(configuration)]
        pebble += ["-dnsserver", f"127.0.0.1:{self._dns}"]
        environment = {**os.environ, "PEBBLE_VA_NOSLEEP": "1"}
        with ExitStack() as stack:
            log = self.folder / "dns.log"
            stack.enter_context(running(names, ready=lambda: listening(management), log=log))
            log = self.folder / "pebble.log"
            ready = lambda: listening(self._management)  # noqa: E731
            stack.enter_context(running(pebble, ready=ready, log=log, env=environment))
            trusted = ssl.create_default_context(cafile=str(certificates / "pebble.minica.pem"))
            connection = http.client.HTTPSConnection("127.0.0.1", self._management, context=trusted)
            connection.request("GET", "/roots/0")
            self.context.load_verify_locations(cadata=connection.getresponse().read().decode())
            yield

    @contextmanager
    def caddy(self, project: Path, edge_ports: list[int]) -> Iterator[None]:
        """Run Caddy with the generated configuration, in front of edges."""
        root = self._files / "test/certs/pebble.minica.pem"
        here = f"http_port {self.http}\n\thttps_port {self.https}\n"
        here += f"\tacme_ca https://127.0.0.1:{self._acme}/dir\n\tacme_ca_root {root}"
        upstreams = " ".join(f"127.0.0.1:{port}" for port in edge_ports)
        alive = free_port()
        text = edges.change(
            (project / "deploy/machine/Caddyfile").read_text(),
            [
                (r"admin off", f"admin off\n\t{here}"),
                # Two addresses, as DNS has while the edge is replaced.
                (r"dynamic a edge 8080 \{[^}]*\}", f"to {upstreams}"),
                (r"127\.0\.0\.1:8082", f"127.0.0.1:{alive}"),
            ],
        )
        configuration = self.folder / "Caddyfile"
        configuration.write_text(text)
        environment = {**os.environ, "DOMAIN": DOMAIN, "XDG_DATA_HOME": str(self.folder / "data")}
        environment["XDG_CONFIG_HOME"] = str(self.folder / "config")
        command = [str(PROGRAMS / "caddy"), "run", "--config", str(configuration)]
        with running(command, ready=self._serves, log=self.folder / "caddy.log", env=environment):
            yield

    def connect(self) -> http.client.HTTPConnection:
        """Connect as a browser does to the domain; verify the certificate."""
        connection = http.client.HTTPConnection("127.0.0.1", self.https, timeout=30)
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=30)
        connection.sock = self.context.wrap_socket(plain, server_hostname=DOMAIN)
        return connection

    def ask(self, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
        """Send one request to the domain; return the response, whose body is read."""
        connection = self.connect()
        connection.request(method, path, headers={"Host": DOMAIN, **headers})
        response = connection.getresponse()
        response.body = response.read()  # type: ignore[attr-defined]
        connection.close()
        return response

    def certificate(self) -> str:
        """Return the serial number of the certificate that is served."""
        sock = self.connect().sock
        assert isinstance(sock, ssl.SSLSocket)
        with sock:
            found = sock.getpeercert()
        assert found
        return str(found["serialNumber"])

    def _serves(self) -> bool:
        try:
            self.certificate()
        except OSError:
            return False
        return True


@contextmanager
def edge(site: Site, project: Path, port: int, shop: int) -> Iterator[Path]:
    """Run NGINX as the edge until the block ends, then let it finish its requests; yield its log."""
    folder = site.folder / f"edge-{port}"
    folder.mkdir()
    text = (project / edges.CONFIGURATION["nginx"]).read_text()
    text = edges.change(text, [edges.NO_LIMIT["nginx"]])
    configuration = folder / "nginx.conf"
    configuration.write_text(edges.localised("nginx", text, [shop], port, folder))
    user = "user root; " if os.geteuid() == 0 else ""
    command = [program("nginx"), "-c", str(configuration), "-g", f"{user}daemon off;"]
    log = folder / "log"
    # The signal that Docker sends to the image of NGINX.
    with running(command, ready=lambda: listening(port), log=log, stop=signal.SIGQUIT):
        yield log


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project for one machine."""
    return Machine(tmp_path, load_balancer="nginx").project


def test_a_certificate_is_issued_kept_and_used(tmp_path: Path, pebble_files: Path, project: Path) -> None:
    """HTTP leads to HTTPS, clients cannot choose their address, and a restart needs no new certificate."""
    site = Site(tmp_path, pebble_files)
    port = free_port()
    with ExitStack() as stack:
        stack.enter_context(site.authority())
        _, shop = stack.enter_context(standins.serve(tmp_path))
        log = stack.enter_context(edge(site, project, port, shop))
        with site.caddy(project, [port]):
            answer = site.ask("GET", "/v1/cart", **{"X-Forwarded-For": "203.0.113.9"})
            assert answer.status == 200
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            plain = http.client.HTTPConnection("127.0.0.1", site.http, timeout=10)
            plain.request("GET", "/v1/cart", headers={"Host": DOMAIN})
            redirect = plain.getresponse()
            assert (redirect.status, redirect.headers["Location"]) == (308, f"https://{DOMAIN}/v1/cart")
            first = site.certificate()
        with site.caddy(project, [port]):
            assert site.certificate() == first
    clients = set(re.findall(r'"client":"([^"]*)"', log.read_text()))
    assert clients == {"127.0.0.1"}


def test_a_replaced_edge_fails_no_request(tmp_path: Path, pebble_files: Path, project: Path) -> None:
    """No request fails while a second edge starts and the first one ends; without any, there is a problem."""
    site = Site(tmp_path, pebble_files)
    ports = [free_port(), free_port()]
    stopping, statuses = threading.Event(), list[int]()

    def work() -> None:
        number = 0
        while not stopping.is_set():
            number += 1
            answer = site.ask("POST" if number % 2 else "GET", "/v1/orders")
            statuses.append(answer.status)

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    with ExitStack() as stack:
        stack.enter_context(site.authority())
        _, shop = stack.enter_context(standins.serve(tmp_path))
        old = stack.enter_context(ExitStack())
        old.enter_context(edge(site, project, ports[0], shop))
        stack.enter_context(site.caddy(project, ports))
        for thread in threads:
            thread.start()
        time.sleep(1)
        with edge(site, project, ports[1], shop):
            time.sleep(1)
            old.close()
            time.sleep(1)
            stopping.set()
            for thread in threads:
                thread.join()
        answer = site.ask("GET", "/v1/orders")
        assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
        assert json.loads(answer.body)["type"] == "urn:problem:unavailable"  # type: ignore[attr-defined]
    print(f"{len(statuses)} requests while the edge was replaced")
    assert len(statuses) > 50
    assert set(statuses) == {200}
