"""Docker for tests, in namespaces that end with it: no mount, interface, rule or process is left."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.generated.running import variables_without_tools
from tests.servers.process import running

from .namespaces import SYSTEM, group, isolated, network

START_SECONDS = 300.0
CLIENT = """#!/bin/sh
exec nsenter --target="$(cat {folder}/pid)" --mount --net \\
  sh -c 'cd "$0" && exec /usr/bin/docker "$@"' "$PWD" "$@"
"""


@dataclass(frozen=True)
class Engine:
    """A running Docker, which has this folder, too. The folder has a client in `bin`."""

    folder: Path

    @property
    def client(self) -> Path:
        """The client of this Docker."""
        return self.folder / "bin/docker"

    @contextmanager
    def network(self) -> Iterator[None]:
        """Let this thread, and what it starts, reach published ports at 127.0.0.1 during the block."""
        pid = (self.folder / "pid").read_text().strip()
        with network(Path(f"/proc/{pid}/ns/net")):
            yield

    def run(self, command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a command that finds this Docker, and its containers at 127.0.0.1."""
        environment = variables_without_tools()
        environment["PATH"] = f"{self.client.parent}{os.pathsep}{environment['PATH']}"
        with self.network():
            return subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )

    @cached_property
    def address(self) -> str:
        """The address of this machine in the default network of its containers."""
        gateway = "{{(index .IPAM.Config 0).Gateway}}"
        return self.docker("network", "inspect", f"--format={gateway}", "bridge")

    def docker(self, *arguments: str) -> str:
        """Return what Docker prints. It must succeed."""
        done = self.run([str(self.client), *arguments], self.folder)
        assert done.returncode == 0, (arguments, done.stdout[-2000:], done.stderr[-4000:])
        return done.stdout.strip()

    def clear(self) -> None:
        """Remove all containers, and their data and networks."""
        for container in self.docker("ps", "--all", "--quiet").split():
            self.docker("rm", "--force", "--volumes", container)
        self.docker("volume", "prune", "--all", "--force")
        self.docker("network", "prune", "--force")


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """Run Docker while the block runs; skip the test where it cannot run."""
    if os.geteuid() != 0:
        pytest.skip("containers need root here")
    if not (SYSTEM / "ready").exists():
        pytest.skip(
            "there is no Docker for the tests: install debootstrap, and run make test-containers as root"
        )
    made = Engine(folder)
    made.client.parent.mkdir(parents=True)
    made.client.write_text(CLIENT.format(folder=folder))
    made.client.chmod(0o755)

    def ready() -> bool:
        done = subprocess.run([made.client, "version"], cwd=folder, capture_output=True, check=False)
        return done.returncode == 0

    with group() as name:
        command = ["dockerd", "--data-root=/srv", f"--cgroup-parent={name}", "--log-level=warn"]
        # Killed: the kernel then ends everything in the namespaces.
        with running(
            isolated(folder, SYSTEM / "docker", *command),
            ready=ready,
            log=folder / "docker.log",
            timeout=START_SECONDS,
            stop=signal.SIGKILL,
        ):
            yield made
