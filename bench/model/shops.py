"""The three shops of the benchmark, each on fresh servers, with all their processes."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.architectures.shops import Running, Servers, running_shop
from bench.shop import memory
from templates.shared.acceptance.demands import processes
from tests.servers.caches import redis
from tests.servers.databases import postgresql
from tests.servers.kafka import kafka


@dataclass(frozen=True, slots=True)
class Measurable:
    """A running shop with its processes by deployable or server, and a counter of database statements."""

    running: Running
    groups: processes.Groups
    statements: Callable[[], float]


@contextmanager
def shop(pattern: str) -> Iterator[Measurable]:
    """Run the shop of a pattern on its own servers."""
    with ExitStack() as during:
        folder = Path(during.enter_context(tempfile.TemporaryDirectory(prefix=f"bench-{pattern}-")))
        folder.chmod(0o711)
        database = during.enter_context(postgresql(folder, fsync=True, preload="pg_stat_statements"))
        cache = during.enter_context(redis(folder))
        bus = during.enter_context(kafka(folder)).url if pattern == "event-driven" else ""
        running = during.enter_context(running_shop(pattern, folder, Servers(database, cache, bus)))
        # Other servers of the same kind may run on this machine.
        ours = set(memory.family(os.getpid()))
        found = {name: [pid for pid in pids if pid in ours] for name, pids in processes.find().items()}
        servers = {name: pids for name, pids in found.items() if name in processes.SERVERS.values() and pids}
        yield Measurable(running, {**running.processes, **servers}, _counter(database))


def _counter(database: str) -> Callable[[], float]:
    """Return the function that counts the statements of all databases of a server, transactions included."""
    url = database.replace("postgresql+asyncpg", "postgresql")

    def ask(sql: str) -> str:
        command = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--dbname", url, "--command", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    ask("CREATE EXTENSION pg_stat_statements")
    return lambda: float(ask("SELECT sum(calls) FROM pg_stat_statements"))
