"""The monolith on a real PostgreSQL and MariaDB, with faults."""

from pathlib import Path

import pytest

from .fault_table import DATABASES
from .running import shop
from .surviving import survive

OPTIONS = {"cache": "redis", "auth": "jwt"}


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_monolith_survives_faults(database: str, tmp_path: Path) -> None:
    """`make faults` passes with a process and a database that fail at each step; no test is skipped."""
    project = shop("monolith", tmp_path / "project", OPTIONS | {"database": database})
    survive("monolith", project, tmp_path, database)
