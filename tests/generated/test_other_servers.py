"""Monoliths pass their tests on servers that few machines have: MySQL, Valkey and PostgreSQL 17."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from tests.servers.caches import memcached, redis
from tests.servers.databases import mysql, postgresql

from .combinations import Combination
from .environment import ROOT, environment_for_all
from .projects import tree_of, write
from .spring import make, one_build_at_a_time, tools

pytestmark = pytest.mark.long
BUILT = ROOT / "build/servers"
Server = Callable[[Path], AbstractContextManager[str]]
CASES: dict[str, tuple[Combination, Server, Server]] = {
    "mysql-valkey": (
        {"database": "mysql", "cache": "redis"},
        mysql,
        partial(redis, server="valkey-server"),
    ),
    "postgresql-memcached": ({"database": "postgresql", "cache": "memcached"}, postgresql, memcached),
}


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find these servers before those of the machine."""
    if not (BUILT / "ready").exists():
        pytest.skip("these servers are missing: run make test-servers")
    folders = [str(BUILT / "bin"), str(BUILT / "postgresql/bin"), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(folders))


@pytest.mark.parametrize("case", CASES)
def test_in_python(case: str, tmp_path: Path) -> None:
    """All tests of the project pass, with the acceptance suite and the audit."""
    options, database, cache = CASES[case]
    project = write(tree_of(options), tmp_path / "project")
    with database(tmp_path) as database_url, cache(tmp_path) as cache_url:
        servers = {"TEST_DATABASE_URL": database_url, "TEST_CACHE_URL": cache_url}
        make(project, {"VENV": str(environment_for_all()), **servers}, "test")


@pytest.mark.parametrize("case", CASES)
def test_in_java(case: str, tmp_path: Path) -> None:
    """All tests of the project pass, with the acceptance suite and the audit."""
    options, database, cache = CASES[case]
    project = write(tree_of({"stack": "spring", **options}), tmp_path / "project")
    with one_build_at_a_time(), database(tmp_path) as driver_url, cache(tmp_path) as cache_url:
        database_url = driver_url.replace("+asyncpg", "").replace("+asyncmy", "")
        servers = {"TEST_DATABASE_URL": database_url, "TEST_CACHE_URL": cache_url}
        make(project, tools() | servers, "test")
