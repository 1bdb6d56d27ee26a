"""Description of the machine that ran the benchmark."""

import os
import platform
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tests.servers.process import program

LIBRARIES = ("asyncpg", "fastapi", "granian", "msgspec", "redis", "sqlalchemy", "starlette")
PROGRAMS = {
    "postgresql": ("psql", "--version"),
    "redis": ("redis-server", "--version"),
    "nginx": ("nginx", "-v"),
    "wrk": ("wrk", "-v"),
}


@contextmanager
def watched() -> Iterator[dict[str, str]]:
    """Yield the result of `describe`; after the block, add the CPU share stolen by other guests."""
    told = describe()
    stolen = stolen_from_now()
    yield told
    told["stolen CPU"] = f"{stolen():.1%}"


def stolen_from_now() -> Callable[[], float]:
    """Return a function that returns the share of CPU (0 to 1) stolen by other guests since this call."""
    return _share_from_now(_stolen)


def busy_from_now() -> Callable[[], float]:
    """Return a function that returns the share of CPU (0 to 1) that was not idle since this call."""
    return _share_from_now(_busy)


def describe() -> dict[str, str]:
    """Return the processor, its load before the start, and the versions of all programs."""
    return {
        "processor": f"{os.cpu_count()} x {_processor()}",
        "load": f"{os.getloadavg()[0]:.2f}",
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: _version(command) for name, command in PROGRAMS.items()},
        **{library: version(library) for library in LIBRARIES if _is_installed(library)},
    }


def _share_from_now(kind: Callable[[Sequence[int]], int]) -> Callable[[], float]:
    before = _cpu_ticks()

    def share() -> float:
        ticks = [after - each for each, after in zip(before, _cpu_ticks(), strict=True)]
        return kind(ticks) / max(sum(ticks), 1)

    return share


def _cpu_ticks() -> list[int]:
    # Eight kinds of time; the following two are included in the first ones.
    return [int(each) for each in Path("/proc/stat").read_text().split(maxsplit=9)[1:9]]


def _stolen(ticks: Sequence[int]) -> int:
    return ticks[7]


def _busy(ticks: Sequence[int]) -> int:
    _user, _nice, _system, idle, waiting, *_ = ticks
    return sum(ticks) - idle - waiting


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.processor()


def _is_installed(library: str) -> bool:
    return find_spec(library) is not None


def _version(command: tuple[str, ...]) -> str:
    name, *arguments = command
    told = subprocess.run([program(name), *arguments], check=False, capture_output=True, text=True)
    found = re.search(r"\d+(\.\d+)+", told.stdout + told.stderr)
    return found[0] if found else "unknown"
