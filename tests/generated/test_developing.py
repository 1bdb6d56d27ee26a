"""`make run` and `make dev` of a generated project: what they print, reload, and end with themselves."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from blueprint.patterns import Value
from tests.servers.process import free_port, program

from .environment import environment_for_all
from .projects import PATTERN, PATTERNS
from .running import PACKAGE, end_of, run, shop, variables_without_tools

SECONDS = 300
NOISE = re.compile(r"alembic|setup plugin|Context impl|stamina|HTTP Request|^\[\w+\]", re.MULTILINE)
EACH_PATTERN = [
    pytest.param(pattern, marks=pytest.mark.slow if pattern == PATTERN else pytest.mark.thorough)
    for pattern in PATTERNS
]


@dataclass(frozen=True, slots=True)
class Served:
    """A running `make`; `group` is the process group of all that it started."""

    project: Path
    url: str
    log: Path
    group: int

    def answers(self) -> bool:
        """Whether the shop answers a request for products."""
        try:
            return bool(urlopen(f"{self.url}/v1/products?limit=1", timeout=5).status == 200)
        except OSError:
            return False

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition holds; show the log if it does not."""
        deadline = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.2)

    def processes(self) -> dict[int, str]:
        """Return the command line of each process of the group by its id."""
        command = [program("ps"), "-A", "-o", "pgid=,pid=,args="]
        listed = subprocess.run(command, capture_output=True, text=True)
        found = (line.split(None, 2) for line in listed.stdout.splitlines())
        return {int(pid): args for group, pid, args in found if int(group) == self.group}


@contextmanager
def served(target: str, project: Path) -> Iterator[tuple[Served, subprocess.Popen[bytes]]]:
    """Run `make target` while the block runs, and yield it when the shop answers; the block ends it."""
    port = free_port()
    log = project.parent / f"{target}.log"
    command = ["make", target, f"VENV={environment_for_all()}", f"PORT={port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=project,
            env=variables_without_tools(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
        )
    shop = Served(project, f"http://127.0.0.1:{port}", log, process.pid)
    try:
        shop.wait_for(lambda: shop.answers() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield shop, process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def ends_everything(shop: Served, process: subprocess.Popen[bytes], send: Callable[[int, int], None]) -> None:
    """Send SIGTERM with `send`, to make or to its group; then no process that make started is left."""
    assert len(shop.processes()) > 2
    send(process.pid, signal.SIGTERM)
    process.wait(SECONDS)
    # make does not wait for its command, which finishes open requests first.
    with suppress(AssertionError):
        shop.wait_for(lambda: not shop.processes())
    assert shop.processes() == {}


@pytest.mark.parametrize("pattern", EACH_PATTERN)
def test_a_change_is_served_without_a_command(pattern: str, tmp_path: Path) -> None:
    """`make dev` prints addresses and requests, restarts when a file changes, and ends all it started."""
    with served("dev", shop(pattern, tmp_path / "shop", {})) as (dev, process):
        dev.wait_for(lambda: "Administrator:  " in dev.log.read_text())
        assert dev.answers()
        dev.wait_for(lambda: "GET /v1/products 200" in dev.log.read_text())
        log = dev.log.read_text()
        assert f"The shop:       {dev.url}\n" in log
        assert "/docs\n" in log
        assert "Administrator:  admin@example.com, with ADMIN_PASSWORD of .env\n" in log
        assert NOISE.findall(log) == []

        (module,) = dev.project.glob(f"**/{PACKAGE}/catalog/api.py")
        with module.open("a") as file:
            file.write('\nprint("started with the change", flush=True)\n')
        dev.wait_for(lambda: "started with the change" in dev.log.read_text())
        dev.wait_for(dev.answers)
        ends_everything(dev, process, os.kill)


@pytest.mark.thorough
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_running_shop_can_be_audited(pattern: str, tmp_path: Path) -> None:
    """`make audit` succeeds while `make run` serves the shop and a local issuer; SIGTERM ends both."""
    options: dict[str, Value] = {"auth": "oauth2"}
    with served("run", shop(pattern, tmp_path / "shop", options)) as (shop_, process):
        shop_.wait_for(lambda: "Administrator:  " in shop_.log.read_text())
        arguments = [f"VENV={environment_for_all()}", f"SHOP={shop_.url}"]
        done = run(["make", "audit", *arguments], shop_.project)
        assert done.returncode == 0, end_of(done)
        ends_everything(shop_, process, os.kill)


@pytest.mark.thorough
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_signal_to_each_process_ends_the_shop(pattern: str, tmp_path: Path) -> None:
    """The whole group gets SIGTERM, as from `timeout`, so that a process gets it twice; none is left."""
    with served("run", shop(pattern, tmp_path / "shop", {})) as (shop_, process):
        ends_everything(shop_, process, os.killpg)
