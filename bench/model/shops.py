"""The three shops of the benchmark, each on fresh servers, with all their processes."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.architectures.shops import Running, Servers, running_shop
from bench.shop import memory
from templates.shared.acceptance.demands import processes
from tests.servers.caches import redis
from tests.servers.databases import postgresql
from tests.servers.kafka import kafka


@contextmanager
def shop(pattern: str) -> Iterator[tuple[Running, processes.Groups]]:
    """Run the shop of a pattern on its own servers; yield it and its processes by deployable or server."""
    with ExitStack() as during:
        folder = Path(during.enter_context(tempfile.TemporaryDirectory(prefix=f"bench-{pattern}-")))
        folder.chmod(0o711)
        database = during.enter_context(postgresql(folder, fsync=True))
        cache = during.enter_context(redis(folder))
        bus = during.enter_context(kafka(folder)).url if pattern == "event-driven" else ""
        running = during.enter_context(running_shop(pattern, folder, Servers(database, cache, bus)))
        # Other servers of the same kind may run on this machine.
        ours = set(memory.family(os.getpid()))
        found = {name: [pid for pid in pids if pid in ours] for name, pids in processes.find().items()}
        servers = {name: pids for name, pids in found.items() if name in processes.SERVERS.values() and pids}
        yield running, {**running.processes, **servers}
