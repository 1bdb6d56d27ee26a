"""Tests of the command by which fault tests crash a database server."""

import shlex
import subprocess
from pathlib import Path

import pytest

from .crash import crashable
from .databases import postgresql
from .process import program

pytestmark = pytest.mark.thorough


def test_postgresql_survives_two_crashes_in_a_row(tmp_path: Path) -> None:
    """The second crash waits until the server has recovered; one that hits the recovery would end it."""
    psql = program("psql")
    with postgresql(tmp_path, fsync=True) as url:
        address = url.replace("postgresql+asyncpg", "postgresql")

        def query(statement: str) -> str:
            command = [psql, address, "--tuples-only", "--no-align", "--command", statement]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

        query("CREATE TABLE item AS SELECT number FROM generate_series(1, 1000000) AS number")
        for _ in range(2):
            subprocess.run(shlex.split(crashable(url)["TEST_DATABASE_CRASH"]), check=True)
        assert query("SELECT count(*) FROM item") == "1000000"
