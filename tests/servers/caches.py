"""Redis, Valkey and memcached servers for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .process import free_port, listening, program, running, unprivileged


@contextmanager
def redis(folder: Path, server: str = "redis-server") -> Iterator[str]:
    """Run a Redis without persistence, or a Valkey as `valkey-server`, and yield its URL."""
    port = free_port()
    command = [program(server), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    with running(command, ready=lambda: listening(port), log=folder / "redis.log"):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def memcached(folder: Path) -> Iterator[str]:
    """Run a memcached and yield its URL."""
    port = free_port()
    command = [program("memcached"), "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-m", "64"]
    user = unprivileged("memcache")
    if user:
        command += ["-u", user]
    with running(command, ready=lambda: listening(port), log=folder / "memcached.log"):
        yield f"memcached://127.0.0.1:{port}"
