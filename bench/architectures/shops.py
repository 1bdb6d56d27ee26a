"""Shops of each pattern, generated and started on the same servers, each behind its own NGINX."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from tests.deploy import edges
from tests.generated.environment import python_for_all
from tests.servers.process import free_port, running

ROOT = Path(__file__).parents[2]
OPTIONS = ("database=postgresql", "cache=redis", "auth=jwt", "load_balancer=nginx")
DRIVER = Path(__file__).with_name("driver.py")
MONOLITH_PROCESSES = 2
NO_MICRO_CACHE = (r"proxy_cache catalogue;", "proxy_cache off;")
GENEROUS = "100000000/minute"


@dataclass(frozen=True, slots=True)
class Servers:
    """URLs of the shared servers: PostgreSQL, Redis and, for events, Kafka."""

    database: str
    cache: str
    bus: str


@dataclass(frozen=True, slots=True)
class Running:
    """Running shop: `gateway` caches the catalog briefly, `uncached` does not.

    `direct` has the URLs of the services, `processes` the IDs of the first processes of each, without NGINX.
    """

    pattern: str
    gateway: str
    uncached: str
    direct: Mapping[str, str]
    processes: Mapping[str, Sequence[int]]
    administrator: str

    @property
    def pids(self) -> Sequence[int]:
        """IDs of the first processes of all services."""
        return [pid for pids in self.processes.values() for pid in pids]


@contextmanager
def running_shop(pattern: str, folder: Path, servers: Servers) -> Iterator[Running]:
    """Generate the shop in `folder` and run it while the block runs."""
    project = folder / "shop"
    command = [sys.executable, "-m", "blueprint", "new", "shop", "--pattern", pattern, "--yes"]
    command += ["--output", str(project), *(f"--set={option}" for option in OPTIONS)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    password = secrets.token_urlsafe(12)
    variables = {
        "SIGNING_KEYS": secrets.token_urlsafe(32),
        "ADMIN_EMAIL": "admin@example.com",
        "ADMIN_PASSWORD": password,
        "AUDIT_ENABLED": "true",
        "CACHE_URL": servers.cache,
        "BUS_URL": servers.bus,
        **dict.fromkeys(("ORDERS_PER_USER", "LOGINS_PER_EMAIL", "LOGINS_PER_ADDRESS"), GENEROUS),
        **dict.fromkeys(("REGISTRATIONS_PER_ADDRESS", "VIEWS_PER_ADDRESS"), GENEROUS),
    }
    start = _monolith if pattern == "monolith" else _services
    with ExitStack() as during:
        urls, processes, ports = during.enter_context(start(project, folder, servers, variables))
        cached = during.enter_context(_nginx(project, folder / "cached", ports))
        uncached = during.enter_context(_nginx(project, folder / "uncached", ports, NO_MICRO_CACHE))
        yield Running(pattern, cached, uncached, urls, processes, f"admin@example.com:{password}")


Started = tuple[Mapping[str, str], Mapping[str, Sequence[int]], edges.Servers]


@contextmanager
def _monolith(
    project: Path, folder: Path, servers: Servers, variables: Mapping[str, str]
) -> Iterator[Started]:
    url = urlsplit(servers.database)
    subprocess.run(
        ["createdb", "-h", "127.0.0.1", "-p", str(url.port), "-U", str(url.username), "monolith"], check=True
    )
    environment = {
        **_inherited(),
        **variables,
        "PYTHONPATH": "src",
        "DATABASE_URL": url._replace(path="/monolith").geturl(),
    }
    program = [python_for_all(), "-m", "shop.app"]
    subprocess.run([*program, "migrate"], check=True, cwd=project, env=environment, capture_output=True)
    with ExitStack() as during:
        ports, pids = [], []
        for _ in range(MONOLITH_PROCESSES):
            ports.append(port := free_port())
            process = during.enter_context(
                running(
                    [*program, "serve", "--port", str(port)],
                    ready=lambda port=port: _ready(port),  # type: ignore[misc]
                    log=folder / f"monolith-{port}.log",
                    env=environment,
                    cwd=project,
                )
            )
            pids.append(process.pid)
        names = ("catalog", "cart", "orders", "payments")
        yield dict.fromkeys(names, f"http://127.0.0.1:{ports[0]}"), {"app": pids}, ports


@contextmanager
def _services(
    project: Path, folder: Path, servers: Servers, variables: Mapping[str, str]
) -> Iterator[Started]:
    given = {
        "folder": str(folder / "running"),
        "server": servers.database,
        "prefix": project.parent.name.replace("-", "_"),
        "variables": dict(variables),
    }
    with subprocess.Popen(
        [python_for_all(), str(DRIVER), json.dumps(given)],
        cwd=project,
        env={**_inherited(), "PYTHONPATH": f"{project / 'libs/src'}{os.pathsep}{project}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None
        line = driver.stdout.readline()
        if not line:
            raise RuntimeError(f"the services of {project} did not start; see {folder / 'running/log'}")
        told = json.loads(line)
        # NGINX replaces the project's gateway, which is for development.
        urls = {name: url for name, url in told["urls"].items() if name != "gateway"}
        processes = {name: [pid] for name, pid in told["pids"].items() if name != "gateway"}
        ports = {name: [urlsplit(url).port or 80] for name, url in urls.items()}
        try:
            yield urls, processes, ports
        finally:
            driver.stdin.close()
            driver.wait(60)


@contextmanager
def _nginx(project: Path, folder: Path, ports: edges.Servers, *changes: edges.Change) -> Iterator[str]:
    folder.mkdir()
    text = (project / edges.CONFIGURATION["nginx"]).read_text()
    with edges.serve("nginx", text, ports, folder, [edges.NO_LIMIT["nginx"], *changes]) as port:
        yield f"http://127.0.0.1:{port}"


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _ready(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False
