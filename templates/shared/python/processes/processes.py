"""Servers for tests."""

import socket
import subprocess
import time
from pathlib import Path

import httpx2

START_SECONDS = 120
STOP_SECONDS = 30


class Process:
    """A server process; what it says goes to a file."""

    def __init__(self, command: list[str], url: str, environment: dict[str, str], folder: Path) -> None:
        self.url = url
        self._log = folder / "process.log"
        with self._log.open("a") as log:
            self.popen = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)

    def wait_for(self, path: str) -> None:
        """Return as soon as the path answers 200."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.popen.poll() is None:
            try:
                if httpx2.get(self.url + path, trust_env=False).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.1)
        self.stop()
        raise AssertionError(f"{self.url}{path} is not ready:\n{self._log.read_text()}")

    def stop(self) -> int:
        """Ask the process to end, wait for it, and return its exit code."""
        self.popen.terminate()
        return self.popen.wait(STOP_SECONDS)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
