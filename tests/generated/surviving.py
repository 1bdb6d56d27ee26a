"""Fault tests of a generated shop on a PostgreSQL or MariaDB that they may crash, and their table."""

import json
from contextlib import AbstractContextManager
from pathlib import Path

from tests.servers.caches import redis
from tests.servers.crash import crashable
from tests.servers.databases import deadlocks, mariadb, postgresql

from .environment import ROOT, environment_for_all
from .fault_table import DATABASES, TABLES
from .running import end_of, run
from .spring import java_home, without_driver

REPORTS = ROOT / "build" / "faults"


def survive(pattern: str, project: Path, servers: Path, database: str, *, stack: str = "python") -> None:
    """Run `make faults` in the project, and fail on any failed or skipped test, lost order or deadlock.

    Also fails if the run misses a cell of the table, or if an order times out without a fault.

    The output and the injected faults are stored in `build/faults`; the table includes earlier runs.
    """
    REPORTS.mkdir(parents=True, exist_ok=True)
    name = pattern if stack == "python" else f"{pattern}-{stack}"
    report = REPORTS / f"{name}-{database}.json"
    report.unlink(missing_ok=True)
    # Native tracebacks, because Python 3.11 can fail to parse the source of others (gh-106905).
    arguments = "ARGS=--show-capture=no --tb=native"
    with _server(database, servers) as url, redis(servers) as cache:
        variables = {"TEST_CACHE_URL": cache, "FAULTS_REPORT": str(report)} | crashable(url)
        if stack == "spring":
            variables["TEST_DATABASE_URL"] = without_driver(url)
            variables["JAVA_HOME"] = java_home()
        done = run(["make", "faults", f"VENV={environment_for_all()}", arguments], project, variables)
    report.with_suffix(".log").write_text(done.stdout)
    print(done.stdout[done.stdout.find("orders under faults") :])
    assert report.exists(), end_of(done)
    result = json.loads(report.read_text()) | {"deadlocks": deadlocks(servers)}
    report.write_text(json.dumps(result))
    print(write_table(pattern, name))
    assert done.returncode == 0, end_of(done)
    assert " skipped" not in done.stdout
    assert (result["lost"], result["deadlocks"]) == (0, 0)
    assert [load["timeouts"] for load in result["loads"]] == [0]
    assert TABLES[pattern].missing(result) == []
    assert TABLES[pattern].unknown(result) == []


def write_table(pattern: str, name: str) -> str:
    """Write and return the table of a pattern's faults by step, kind and database, as far as they ran.

    The reports begin with `name`.
    """
    reports = {
        database: json.loads(path.read_text())
        for database in DATABASES
        if (path := REPORTS / f"{name}-{database}.json").exists()
    }
    table = TABLES[pattern].to_markdown(reports)
    (REPORTS / f"{name}.md").write_text(table)
    return table


def _server(database: str, folder: Path) -> AbstractContextManager[str]:
    # A server that forgets commits in a crash loses orders while their units stay reserved.
    return postgresql(folder, fsync=True) if database == "postgresql" else mariadb(folder, durable=True)
