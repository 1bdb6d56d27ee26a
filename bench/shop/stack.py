"""Generated shop with its own servers on 127.0.0.1, independent of the system's services."""

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
    """Process of an application, and its startup time in seconds (to the nearest 0.05 s)."""

    url: str
    pid: int
    started_in: float


@dataclass(frozen=True, slots=True)
class Shop:
    """Generated project, the environment of its processes, and their ports."""

    project: Path
    environment: Mapping[str, str]
    ports: tuple[int, ...]

    @property
    def administrator(self) -> str:
        """Administrator's `email:password` from the project's `.env`."""
        lines = (self.project / ".env").read_text().splitlines()
        secrets = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        return f"{secrets['ADMIN_EMAIL']}:{secrets['ADMIN_PASSWORD']}"

    def run(self, command: str) -> None:
        """Run a command of the application until it ends."""
        arguments = [sys.executable, "-m", APPLICATION, command]
        done = subprocess.run(
            arguments, check=False, cwd=self.project, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{command} failed:\n{done.stderr}")

    @contextmanager
    def serving(self, workers: int) -> Iterator[list[Worker]]:
        """Run this many processes as replicas, on the first ports."""
        command = [sys.executable, "-m", APPLICATION, "serve", "--host", "127.0.0.1", "--port"]
        with ExitStack() as stack:
            yield [
                stack.enter_context(worker([*command, str(port)], port, self.project, self.environment))
                for port in self.ports[:workers]
            ]


def generate(folder: Path, database_url: str, cache_url: str) -> Shop:
    """Generate the monolith in `folder`; servers, rate limits and the access log differ from its `.env`."""
    project = folder / "shop"
    command = [sys.executable, "-m", "blueprint", "new", "shop", "--pattern", "monolith", "--yes"]
    command += ["--output", str(project), *(f"--set={option}" for option in OPTIONS)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    settings = {"PYTHONPATH": "src", "DATABASE_URL": database_url, "CACHE_URL": cache_url}
    # In production, the load balancer logs requests.
    settings["ACCESS_LOG"] = "false"
    # All load comes from one address and few customers, so disable the rate limits.
    rates = dict.fromkeys(("ORDERS_PER_USER", "LOGINS_PER_EMAIL", "LOGINS_PER_ADDRESS"), "100000000/minute")
    return Shop(project, _environment(folder, **settings, **rates), (free_port(), free_port()))


def _environment(folder: Path, **settings: str) -> dict[str, str]:
    # Compile modules beforehand, as the image does; otherwise each start compiles about a thousand.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), **settings}


@contextmanager
def worker(
    command: Sequence[str], port: int, folder: Path, environment: Mapping[str, str]
) -> Iterator[Worker]:
    """Run `command`, which serves on the port, while the block runs; wait until it is ready."""
    url, began = f"http://127.0.0.1:{port}", time.monotonic()
    log = folder / f"worker-{port}.log"
    with running(
        command,
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
    """Run this many processes of the bare application, with the shop's server."""
    command = [sys.executable, "-m", "granian", "bench.shop.bare:app", "--interface", "asgi"]
    command += ["--loop", "uvloop", "--no-ws", "--host", "127.0.0.1", "--port"]
    environment = _environment(folder, PYTHONPATH=str(ROOT), BARE_DATABASE_URL=database_url)
    with ExitStack() as stack:
        ports = [free_port() for _ in range(workers)]
        yield [
            stack.enter_context(worker([*command, str(port)], port, folder, environment)) for port in ports
        ]
