"""Process faults: kills, pauses and additional replicas of services."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from dev.processes import Process, free_port
from dev.workspace import Workspace

from .server_processes import send_signal

RECOVERY_SECONDS = 180.0


class ProcessFaults(Workspace):
    """A workspace whose processes can be killed, paused, restarted and replicated."""

    def kill(self, *names: str) -> None:
        """Kill services with SIGKILL."""
        for name in names:
            self._signal(name, signal.SIGKILL)
            self.processes[name].popen.wait()

    def crash(self, *names: str) -> None:
        """Kill services and restart them."""
        self.kill(*names)
        for name in names:
            self.launch(name)

    def pause(self, name: str) -> None:
        """Suspend a service with SIGSTOP."""
        self._signal(name, signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Resume a suspended service."""
        self._signal(name, signal.SIGCONT)

    @contextmanager
    def run_replica(self, service: str) -> Iterator[str]:
        """Run a second process of a service during the block; yield its address."""
        name, port = f"second-{service}", free_port()
        log = self.log(name).parent
        log.mkdir(parents=True, exist_ok=True)
        command = self.command(service, str(port))
        process = Process(command, f"http://127.0.0.1:{port}", self._environment(service), log)
        self.processes[name], self.urls[name] = process, process.url
        try:
            process.wait_for("/readyz")
            yield process.url
        finally:
            process.stop()
            del self.processes[name], self.urls[name]

    def recover(self) -> None:
        """End the faults of a failed test; wait until every service is ready and all its checks pass."""
        for name, process in self.processes.items():
            if process.popen.poll() is None:
                self.resume(name)
            else:
                self.launch(name)
                self.processes[name].wait_for("/readyz")
        self.processes["gateway"].wait_for("/readyz")
        deadline = time.monotonic() + RECOVERY_SECONDS
        while missing := [name for name in self.processes if not _is_healthy(self.urls[name])]:
            assert time.monotonic() < deadline, f"{missing} are not healthy"
            time.sleep(0.2)

    def _signal(self, name: str, number: signal.Signals) -> None:
        send_signal(self.processes[name].popen.pid, number)


def _is_healthy(url: str) -> bool:
    """Return whether all required and optional checks of a service pass."""
    checks = httpx2.get(f"{url}/readyz", trust_env=False).json()["checks"]
    return set(checks.values()) <= {"ok"}
