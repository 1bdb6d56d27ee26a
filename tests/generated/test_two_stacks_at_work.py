"""A shop of services in Python and in Java, on one PostgreSQL and behind one gateway, keeps its contract."""

import json
import os
import subprocess
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx2
import pytest

from tests.servers.databases import postgresql
from tests.servers.process import free_port, running

from .audited import ADMIN, SETTINGS
from .combinations import Combination
from .environment import python_for_all
from .running import PACKAGE, end_of, run, shop
from .spring import SMALL_JVM, java_home, make, one_build_at_a_time, tools, without_driver

pytestmark = pytest.mark.long
SERVICES = ("identity", "catalog", "inventory", "cart", "orders", "payments")
START_SECONDS = 600
ENVIRONMENTS = """
import json, sys
from dev.environment import environments
urls, database_url, common = json.load(sys.stdin)
print(json.dumps(environments(urls, lambda service: database_url, common)))
"""


class Projects:
    """The microservices in Python, and those in Java, built."""

    def __init__(self, folder: Path) -> None:
        options: Combination = {"cache": "memory", "observability": False, "kubernetes": False}
        self.python = shop("microservices", folder / "python", options)
        self.java = shop("microservices", folder / "java", options | {"stack": "spring"})
        with one_build_at_a_time():
            make(self.java, tools(), "dev/target/dev.jar")

    def path(self, service: str) -> str:
        """Return Python's path for a service in Python, or the gateway."""
        own = self.python / "services" / service / "src"
        return os.pathsep.join(map(str, (self.python / "libs/src", own, self.python)))

    def variables(self, urls: Mapping[str, str], database: str) -> dict[str, dict[str, str]]:
        """Return the variables of each service, as `make run` sets them, with new keys of services."""
        command = [python_for_all(), "-c", ENVIRONMENTS]
        content = json.dumps([urls, database, SETTINGS | {"MAIL_FOLDER": "mail"}])
        env = os.environ | {"PYTHONPATH": self.path("gateway")}
        done = subprocess.run(command, input=content, env=env, stdout=subprocess.PIPE, text=True, check=True)
        found: dict[str, dict[str, str]] = json.loads(done.stdout)
        return found

    def command(self, service: str, port: str, *, in_java: bool) -> list[str]:
        """Return what migrates the database of a service and serves."""
        if in_java:
            jar = self.java / "services" / service / "target" / f"{service}.jar"
            program = [f"{java_home()}/bin/java", *SMALL_JVM, "-jar", str(jar)]
            return [*program, "migrate", "serve", f"--server.port={port}"]
        program = [python_for_all(), "-m", f"{PACKAGE}.{service}_service"]
        return ["sh", "-c", '"$@" migrate && exec "$@" serve --port "$0"', port, *program]


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    """The same shop in both languages."""
    return Projects(tmp_path_factory.mktemp("stacks"))


@contextmanager
def mixed(projects: Projects, folder: Path, java: Collection[str], database: str) -> Iterator[str]:
    """Serve a shop whose services in `java` are those in Java; yield the address of the gateway."""
    urls = {service: f"http://127.0.0.1:{free_port()}" for service in SERVICES}
    variables = projects.variables(urls, database)
    with ExitStack() as programs:
        for service, url in urls.items():
            in_java = service in java
            env = os.environ | variables[service] | {"PYTHONPATH": projects.path(service)}
            env |= {"DATABASE_URL": without_driver(database)} if in_java else {}
            command = projects.command(service, url.rpartition(":")[2], in_java=in_java)
            log = folder / f"{service}.log"
            programs.enter_context(running(command, ready=lambda: True, log=log, env=env, cwd=folder))
        gateway = f"http://127.0.0.1:{free_port()}"
        command = [python_for_all(), "-m", "dev", "gateway", "--port", gateway.rpartition(":")[2]]
        addresses = {f"{service.upper()}_URL": url for service, url in urls.items()}
        env = os.environ | addresses | {"PYTHONPATH": projects.path("gateway")}
        log, ready = folder / "gateway.log", partial(is_ready, gateway)
        timeout = START_SECONDS
        programs.enter_context(running(command, ready=ready, log=log, env=env, cwd=folder, timeout=timeout))
        yield gateway


def is_ready(gateway: str) -> bool:
    """Return whether the gateway and all services are ready."""
    try:
        return httpx2.get(f"{gateway}/readyz", timeout=30, trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.mark.parametrize(
    "java",
    [
        pytest.param(("identity", "catalog", "payments"), id="identity-in-java"),
        pytest.param(("inventory", "cart", "orders"), id="identity-in-python"),
    ],
)
def test_services_of_both_stacks_are_one_shop(
    projects: Projects, tmp_path: Path, java: Collection[str]
) -> None:
    """The acceptance suite and the audit pass; access tokens and calls go from each stack to the other."""
    with postgresql(tmp_path) as database, mixed(projects, tmp_path, java, database) as url:
        target = {"SHOP_URL": url, "SHOP_ADMIN": ADMIN}
        for command in (["pytest", "acceptance"], ["acceptance.audit"]):
            done = run([python_for_all(), "-m", *command], projects.python, target)
            assert done.returncode == 0, end_of(done)
