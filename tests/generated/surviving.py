"""Fault tests of a generated shop, on a PostgreSQL that they may crash and a Redis."""

from pathlib import Path

from tests.servers.caches import redis
from tests.servers.crash import crashable
from tests.servers.databases import postgresql

from .environment import environment_for_all
from .running import end_of, run


def survive(project: Path, servers: Path, target: str) -> None:
    """Run `make TARGET` in the project and print its table of orders; fail on any failed or skipped test."""
    # Without fsync, a crash loses committed orders while their units stay reserved.
    with postgresql(servers, fsync=True) as database, redis(servers) as cache:
        variables = {"TEST_CACHE_URL": cache} | crashable(database)
        command = ["make", target, f"VENV={environment_for_all()}", "ARGS=--show-capture=no"]
        done = run(command, project, variables)
    print(done.stdout[done.stdout.find("orders under faults") :])
    assert done.returncode == 0, end_of(done)
    assert " skipped" not in done.stdout
