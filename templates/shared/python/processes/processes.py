"""Server processes for tests."""

import os
import secrets
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import httpx2

START_SECONDS = 300
STOP_SECONDS = 30
# Descriptors of the sockets that reserve the latest ports drawn; an earlier port has its server by now.
MAX_RESERVATIONS = 64
RESERVATIONS: deque[int] = deque()


class Program(Protocol):
    """A running program, as `subprocess.Popen` has it."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...

    def terminate(self) -> None: ...


def start_program(command: list[str], environment: dict[str, str], folder: Path, log: Path) -> Program:
    """Start the command in `folder`; its output is appended to `log`."""
    with log.open("a") as file:
        return subprocess.Popen(command, env=environment, cwd=folder, stdout=file, stderr=file)


Start = Callable[[list[str], dict[str, str], Path, Path], Program]


class Process:
    """A server process that logs to a file."""

    def __init__(
        self,
        command: list[str],
        url: str,
        environment: dict[str, str],
        folder: Path,
        start: Start = start_program,
    ) -> None:
        self.url = url
        self._log = folder / "process.log"
        self.popen = start(command, environment, folder, self._log)

    def wait_for(self, path: str) -> None:
        """Wait until `path` answers 200."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.popen.poll() is None:
            try:
                if httpx2.get(self.url + path, trust_env=False).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.1)
        self.stop()
        raise AssertionError(f"{self.url}{path} did not become ready:\n{self._log.read_text()}")

    def stop(self) -> int:
        """Terminate the process, wait for it to exit, and return its exit code."""
        self.popen.terminate()
        return self.popen.wait(STOP_SECONDS)


def free_port() -> int:
    """Return a TCP port that is unused and that no other test has drawn a moment ago.

    It is below those that the system gives to outgoing connections. Servers may share a port, so until one
    listens, a UDP socket with the same number tells other callers that the port is taken.
    """
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        reservation = socket.socket(type=socket.SOCK_DGRAM)
        with socket.socket() as probe, suppress(OSError):
            reservation.bind(("127.0.0.1", port))
            probe.bind(("127.0.0.1", port))
            if len(RESERVATIONS) == MAX_RESERVATIONS:
                os.close(RESERVATIONS.popleft())
            RESERVATIONS.append(reservation.detach())
            return port
        reservation.close()
