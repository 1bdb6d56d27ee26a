"""The shop on a network that can fail, with processes that can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2
import sqlalchemy as sa

from dev.architecture import EDGES, PACKAGE
from dev.processes import Process, free_port
from dev.workspace import Workspace

from .line import Line
from .network import Network

MEND_SECONDS = 180.0


class FragileShop(Workspace):
    """Each call between services passes the `network`."""

    def __init__(
        self, folder: Path, common: Mapping[str, str], database_url: Callable[[str], str] | None
    ) -> None:
        self.network = Network()
        self._lines: list[Line] = []
        lined = None if database_url is None else lambda service: self._lined(database_url(service))
        super().__init__(folder, common, database_url=lined)
        for caller, callee in EDGES:
            self.environments[caller][f"{callee.upper()}_URL"] = self.network.proxy(self.urls[callee])

    def kill(self, *names: str) -> None:
        """End services at once, without a chance to finish anything, and start them again."""
        for name in names:
            self._signal(name, signal.SIGKILL)
            self.processes[name].popen.wait()
        for name in names:
            self.launch(name)

    def freeze(self, name: str) -> None:
        """Let a service stand still in the middle of whatever it does."""
        self._signal(name, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let it go on as if nothing had been."""
        self._signal(name, signal.SIGCONT)

    @contextmanager
    def second(self, service: str) -> Iterator[str]:
        """Run one more process of a service in the block, and give its address."""
        name, port = f"second-{service}", free_port()
        log = self.log(name).parent
        log.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", f"{PACKAGE}.{service}_service", "serve", "--port", str(port)]
        process = Process(command, f"http://127.0.0.1:{port}", self._environment(service), log)
        self.processes[name], self.urls[name] = process, process.url
        try:
            process.wait_for("/readyz")
            yield process.url
        finally:
            process.stop()
            del self.processes[name], self.urls[name]

    def cut_databases(self) -> None:
        """Break all connections to the database server, and let none through."""
        self.network.run(*(line.cut() for line in self._lines))

    def mend_databases(self) -> None:
        """Let connections to the database server pass again."""
        self.network.run(*(line.mend() for line in self._lines))

    def mend(self) -> None:
        """Return when all calls pass again and every service has what it needs."""
        self.network.calm()
        self.processes["gateway"].wait_for("/readyz")
        deadline = time.monotonic() + MEND_SECONDS
        while missing := [name for name in self.processes if not _is_whole(self.urls[name])]:
            assert time.monotonic() < deadline, f"{missing} are not whole"
            time.sleep(0.2)

    def stop(self) -> None:
        super().stop()
        self.network.close()

    def _lined(self, database_url: str) -> str:
        """Return the URL of the same database at the near end of a line."""
        url = sa.make_url(database_url)
        assert url.host is not None
        assert url.port is not None
        self._lines.append(Line(url.host, url.port))
        [(host, port)] = self.network.run(self._lines[-1].open())
        return url.set(host=host, port=port).render_as_string(hide_password=False)

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
