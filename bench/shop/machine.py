"""What the figures were measured on."""

import os
import platform
import re
import subprocess
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


def describe() -> dict[str, str]:
    """Return the processor, the load on it before we start, and the versions of all that takes part."""
    return {
        "processor": f"{os.cpu_count()} x {_processor()}",
        "load": f"{os.getloadavg()[0]:.2f}",
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: _version(command) for name, command in PROGRAMS.items()},
        **{library: version(library) for library in LIBRARIES if _is_installed(library)},
    }


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
