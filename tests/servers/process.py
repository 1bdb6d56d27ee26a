"""Server processes for tests: start, wait until ready, and stop reliably."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import pytest

# Descriptors of the sockets that reserve the latest ports drawn; an earlier port has its server by now.
MAX_RESERVATIONS = 64
RESERVATIONS: deque[int] = deque()
REQUIRED = os.environ.get("BLUEPRINT_REQUIRE_SERVERS") == "1"


def program(name: str, *folders: str) -> str:
    """Return the path of a program; without it, skip the test, or fail where servers are required."""
    search = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *folders])
    found = shutil.which(name, path=search)
    if found:
        return found
    missing(f"{name} is not installed")


def missing(reason: str) -> NoReturn:
    """Skip the test for `reason`; fail it if `BLUEPRINT_REQUIRE_SERVERS=1`."""
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


def refuse_fast_tests(what: str) -> None:
    """Raise in a test without a mark: `make check` runs these, and they must not start anything slow."""
    if os.environ.get("BLUEPRINT_FAST_TEST"):
        raise RuntimeError(f"this test starts {what}: mark it with @pytest.mark.slow")


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that is free and that no other test has drawn a moment ago.

    It is below those that the system gives to outgoing connections. A server may share its port with another
    one, so until it listens, a UDP socket with the same number tells other callers that the port is taken.
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


def listening(port: int, address: str = "127.0.0.1") -> bool:
    """Whether a process accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((address, port)) == 0


def eventually(condition: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until the condition holds; fail after the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def unprivileged(user: str) -> str | None:
    """Return the account to run a server as: `user` if this process is root, which some refuse; else None."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(user).pw_name
    except KeyError:
        return "nobody"


@contextmanager
def folder_of(user: str | None) -> Iterator[Path]:
    """Yield a temporary folder that belongs to the account.

    It is not below pytest's folder, because each start of pytest makes that one private.
    """
    with TemporaryDirectory(prefix="blueprint-server-") as name:
        folder = Path(name)
        if user is not None:
            shutil.chown(folder, user)
        yield folder


@contextmanager
def running(
    command: Sequence[str],
    *,
    ready: Callable[[], bool],
    log: Path,
    user: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 60,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` while the block runs; raise with its log if it is not ready within `timeout` seconds."""
    refuse_fast_tests(Path(command[0]).name)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, user=user, env=env, cwd=cwd
        )
        try:
            deadline = time.monotonic() + timeout
            while not ready():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(
                        f"{command[0]} did not start:\n{log.read_text(errors='replace')[-4000:]}"
                    )
                time.sleep(0.05)
            yield process
        finally:
            end(process, stop)


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    """Stop a process with the signal; kill it after 15 seconds."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
