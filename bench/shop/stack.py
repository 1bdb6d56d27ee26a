"""The generated shop with its real servers: processes of 127.0.0.1, none of the system's own services."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import free_port, running

ROOT = Path(__file__).parents[2]
OPTIONS = ("database=postgresql", "cache=redis", "auth=jwt", "load_balancer=nginx")
APPLICATION = "shop.app"


@dataclass(frozen=True, slots=True)
class Worker:
    """One process of an application, and how long it took to get ready (to the nearest 0.05 s)."""

    url: str
    pid: int
    started_in: float


@dataclass(frozen=True, slots=True)
class Shop:
    """A generated project, the environment of its processes, and the ports that these serve on."""

    project: Path
    environment: Mapping[str, str]
    ports: tuple[int, ...]

    @property
    def administrator(self) -> str:
        """The `email:password` that the generator made for the project's `.env`."""
        lines = (self.project / ".env").read_text().splitlines()
        secrets = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        return f"{secrets['ADMIN_EMAIL']}:{secrets['ADMIN_PASSWORD']}"

    def run(self, command: str) -> None:
        """Run one of the application's commands to its end."""
        arguments = [sys.executable, "-m", APPLICATION, command]
        done = subprocess.run(
            arguments, check=False, cwd=self.project, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{command} failed:\n{done.stderr}")

    @contextmanager
    def serving(self, workers: int) -> Iterator[list[Worker]]:
        """Serve with so many processes, as replicas would be; the first ports come first."""
        command = [sys.executable, "-m", APPLICATION, "serve", "--host", "127.0.0.1", "--port"]
        with ExitStack() as stack:
            yield [
                stack.enter_context(worker(command, port, self.project, self.environment))
                for port in self.ports[:workers]
            ]


def generate(folder: Path, database_url: str, cache_url: str) -> Shop:
    """Generate the monolith into `folder`; its `.env` holds but for servers and rate limits."""
    project = folder / "shop"
    command = [sys.executable, "-m", "blueprint", "new", "shop", "--pattern", "monolith", "--yes"]
    command += ["--output", str(project), *(f"--set={option}" for option in OPTIONS)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    settings = {"PYTHONPATH": "src", "DATABASE_URL": database_url, "CACHE_URL": cache_url}
    # All load comes from one address and few customers: no limit stands in the way.
    rates = dict.fromkeys(("ORDERS_PER_USER", "LOGINS_PER_EMAIL", "LOGINS_PER_ADDRESS"), "100000000/minute")
    return Shop(project, _environment(folder, **settings, **rates), (free_port(), free_port()))


def _environment(folder: Path, **settings: str) -> dict[str, str]:
    # As in the shop's image, modules are compiled once; elsewhere each start may have to compile a thousand.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), **settings}


@contextmanager
def worker(
    command: Sequence[str], port: int, folder: Path, environment: Mapping[str, str]
) -> Iterator[Worker]:
    """Run `command`, whose last argument is the port, until the block ends; wait until it is ready."""
    url, began = f"http://127.0.0.1:{port}", time.monotonic()
    log = folder / f"worker-{port}.log"
    with running(
        [*command, str(port)],
        ready=lambda: _answers(f"{url}/readyz"),
        log=log,
        env=environment,
        cwd=folder,
    ) as process:
        yield Worker(url, process.pid, time.monotonic() - began)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def bare(folder: Path, database_url: str, workers: int) -> Iterator[list[Worker]]:
    """Serve the bare application with so many processes, by the same server as the shop's."""
    command = [sys.executable, "-m", "granian", "bench.shop.bare:app", "--interface", "asgi"]
    command += ["--loop", "uvloop", "--no-ws", "--host", "127.0.0.1", "--port"]
    environment = _environment(folder, PYTHONPATH=str(ROOT), BARE_DATABASE_URL=database_url)
    with ExitStack() as stack:
        yield [stack.enter_context(worker(command, free_port(), folder, environment)) for _ in range(workers)]
