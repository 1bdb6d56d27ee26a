"""Docker for tests, in namespaces that end with it: no mount, interface, rule or process is left."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.generated.environment import ROOT
from tests.generated.running import variables_without_tools
from tests.servers.process import running

INSIDE = Path(__file__).with_name("inside.sh")
SYSTEM = ROOT / "build/containers"
"""What system.sh has made."""
CGROUPS = Path("/sys/fs/cgroup")
PREFIX = "blueprint-"
"""Prefix of the group of the containers; the number of the process that started them follows."""
START_SECONDS = 300.0
END_SECONDS = 30.0
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
        with open("/proc/thread-self/ns/net") as own, open(f"/proc/{pid}/ns/net") as other:
            _enter(other.fileno())
            try:
                yield
            finally:
                _enter(own.fileno())

    def run(self, command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a command that finds this Docker, and its containers at 127.0.0.1."""
        environment = variables_without_tools()
        environment["PATH"] = f"{self.client.parent}{os.pathsep}{environment['PATH']}"
        with self.network():
            return subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )

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
    # Also those of runs that were killed.
    for each in {path.name for path in CGROUPS.glob(f"*/{PREFIX}*")}:
        if not Path("/proc", each.removeprefix(PREFIX)).exists():
            _remove(each)
    cgroup = f"{PREFIX}{os.getpid()}"
    # They end also if this process is killed.
    command = [
        "setpriv",
        "--pdeathsig=KILL",
        "unshare",
        "--mount",
        "--net",
        "--pid",
        "--fork",
        "--kill-child",
    ]
    command += ["sh", str(INSIDE), str(SYSTEM), str(folder), str(SYSTEM / "docker")]
    command += ["dockerd", "--data-root=/srv", f"--cgroup-parent={cgroup}", "--log-level=warn"]

    def ready() -> bool:
        done = subprocess.run([made.client, "version"], cwd=folder, capture_output=True, check=False)
        return done.returncode == 0

    try:
        # Killed: the kernel then ends everything in the namespaces.
        with running(
            command, ready=ready, log=folder / "docker.log", timeout=START_SECONDS, stop=signal.SIGKILL
        ):
            yield made
    finally:
        _remove(cgroup)


def _enter(namespace: int) -> None:
    """Enter a network namespace, with this thread only. Python has this call since 3.12."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(namespace, 0):
        raise OSError(ctypes.get_errno(), "setns failed")


def _remove(cgroup: str) -> None:
    """Remove the groups of the containers, when the last process has ended."""
    deadline = time.monotonic() + END_SECONDS
    while found := [each for each in CGROUPS.glob(f"*/{cgroup}") if each.is_dir()]:
        assert time.monotonic() < deadline, found
        for each in found:
            for path, _, _ in os.walk(each, topdown=False):
                with suppress(OSError):
                    os.rmdir(path)
        time.sleep(0.1)
