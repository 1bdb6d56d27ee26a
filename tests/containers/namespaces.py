"""Linux namespaces and control groups for tests: what runs in them ends with them."""

import ctypes
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from tests.generated.environment import ROOT

SYSTEM = ROOT / "build/containers"
"""What system.sh has made."""
INSIDE = Path(__file__).with_name("inside.sh")
GROUPS = Path("/sys/fs/cgroup")
PREFIX = "blueprint-"
"""Prefix of a group; the number of the process that made it follows."""
NEW_NETWORK = 0x40000000
END_SECONDS = 30.0
NUMBERS = count(1)


def isolated(folder: Path, data: Path, *command: str) -> list[str]:
    """Return what runs a command in new namespaces, with the system of the tests as root.

    They end also if this process is killed. `folder` is the same folder inside, and `data` is /srv there.
    """
    unshare = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"]
    inside = ["sh", str(INSIDE), str(SYSTEM), str(folder), str(data)]
    return ["setpriv", "--pdeathsig=KILL", *unshare, *inside, *command]


@contextmanager
def network(namespace: Path) -> Iterator[None]:
    """Let this thread, and what it starts, use a network during the block."""
    with open("/proc/thread-self/ns/net") as own, namespace.open() as other:
        _call("setns", other.fileno(), NEW_NETWORK)
        try:
            yield
        finally:
            _call("setns", own.fileno(), NEW_NETWORK)


@contextmanager
def new_network() -> Iterator[None]:
    """Give this thread, and what it starts, a network without interfaces during the block."""
    with open("/proc/thread-self/ns/net") as own:
        _call("unshare", NEW_NETWORK)
        try:
            yield
        finally:
            _call("setns", own.fileno(), NEW_NETWORK)


@contextmanager
def group() -> Iterator[str]:
    """Yield the name of a new control group; afterwards, remove it, and those of runs that were killed."""
    for name in {path.name for path in GROUPS.glob(f"*/{PREFIX}*")}:
        if not Path("/proc", name.split("-")[1]).exists():
            _remove(name)
    name = f"{PREFIX}{os.getpid()}-{next(NUMBERS)}"
    try:
        yield name
    finally:
        _remove(name)


def _call(function: str, *arguments: int) -> None:
    """Call a function of the C library. Python has these since 3.12."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, function)(*arguments):
        raise OSError(ctypes.get_errno(), f"{function} failed")


def _remove(name: str) -> None:
    """Remove a group, when its last process has ended."""
    deadline = time.monotonic() + END_SECONDS
    while found := [each for each in GROUPS.glob(f"*/{name}") if each.is_dir()]:
        assert time.monotonic() < deadline, found
        for each in found:
            for path, _, _ in os.walk(each, topdown=False):
                with suppress(OSError):
                    os.rmdir(path)
        time.sleep(0.1)
