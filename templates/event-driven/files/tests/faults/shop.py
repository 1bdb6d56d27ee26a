"""The shop with processes that can be killed, stand still, or be joined by others, and a broker likewise."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2

from dev.architecture import PACKAGE
from dev.processes import Process, free_port
from dev.workspace import Workspace
from tests.broker import Broker

MEND_SECONDS = 120.0


class FragileShop(Workspace):
    """The shop on a `broker` of its own, or on the embedded bus where that is None."""

    def __init__(
        self,
        folder: Path,
        common: Mapping[str, str],
        database_url: Callable[[str], str] | None,
        broker: Broker | None,
    ) -> None:
        super().__init__(folder, common, database_url=database_url)
        self.broker = broker

    def kill(self, *names: str) -> None:
        """End services at once, without a chance to finish anything."""
        for name in names:
            self._signal(name, signal.SIGKILL)
            self.processes[name].popen.wait()

    def freeze(self, name: str) -> None:
        """Let a service stand still in the middle of whatever it does."""
        self._signal(name, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let it go on as if nothing had been."""
        self._signal(name, signal.SIGCONT)

    @contextmanager
    def second(self, service: str) -> Iterator[None]:
        """Run one more process of a service in the block: it joins the service's group, and leaves it."""
        name, port = f"second-{service}", free_port()
        log = self.log(name).parent
        log.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", f"{PACKAGE}.{service}_service", "serve", "--port", str(port)]
        process = Process(command, f"http://127.0.0.1:{port}", self._environment(service), log)
        try:
            process.wait_for("/readyz")
            yield
        finally:
            process.stop()

    @contextmanager
    def impatient(self, seconds: float) -> Iterator[None]:
        """In the block, give an order up that is not answered within so many seconds."""
        self._restart_orders(str(seconds))
        try:
            yield
        finally:
            self._restart_orders(None)

    def letters(self) -> set[str]:
        """Return the ids of the events that were given up, as the shop's own command lists them."""
        *lines, _ = self.choreography("letters").splitlines()
        return {line.split()[0] for line in lines}

    def mend(self) -> None:
        """Return when every service runs and has all that it needs."""
        self.processes["gateway"].wait_for("/readyz")
        deadline = time.monotonic() + MEND_SECONDS
        while missing := [name for name in self.processes if not _is_whole(self.urls[name])]:
            assert time.monotonic() < deadline, f"{missing} are not whole"
            time.sleep(0.2)

    def _restart_orders(self, patience: str | None) -> None:
        if patience is None:
            del self.environments["orders"]["ORDER_PATIENCE"]
        else:
            self.environments["orders"]["ORDER_PATIENCE"] = patience
        self.processes["orders"].stop()
        self.launch("orders")
        self.processes["orders"].wait_for("/readyz")

    def _signal(self, name: str, number: signal.Signals) -> None:
        parent = self.processes[name].popen.pid
        for process in (parent, *_children(parent)):
            os.kill(process, number)


def _is_whole(url: str) -> bool:
    """Whether a service reaches all that it needs, and all that is useful to it."""
    checks = httpx2.get(f"{url}/readyz", trust_env=False).json()["checks"]
    return set(checks.values()) <= {"ok"}


def _children(parent: int) -> list[int]:
    """Return the processes that `parent` started: the server's workers, which would survive it."""
    command = ["ps", "-A", "-o", "pid=", "-o", "ppid="]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pairs = (line.split() for line in table.splitlines())
    return [int(process) for process, of in pairs if int(of) == parent]
