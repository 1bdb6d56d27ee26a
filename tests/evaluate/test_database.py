"""A PostgreSQL database with known tables and statements."""

import os
import subprocess
from pathlib import Path

import pytest

from blueprint.evaluate.database import read_database
from blueprint.evaluate.errors import EvidenceError
from blueprint.evaluate.statements import is_write, tables_in
from tests.servers.databases import postgresql
from tests.servers.process import program


def run(url: str, *statements: str) -> None:
    """Run statements with psql."""
    for statement in statements:
        command = [
            program("psql"),
            url,
            "--quiet",
            "--no-psqlrc",
            "--set",
            "ON_ERROR_STOP=1",
            "-c",
            statement,
        ]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PGOPTIONS": ""})


@pytest.mark.slow
def test_size_statements_and_shared_tables_are_read(tmp_path: Path) -> None:
    """The size is that of the database, and a table that two roles use is a finding; nothing is written."""
    with postgresql(tmp_path, preload="pg_stat_statements") as address:
        url = address.replace("+asyncpg", "")
        run(
            url,
            "create extension pg_stat_statements",
            "create table orders (id int, note text)",
            "create table stock (id int)",
            "insert into orders select n, repeat('x', 500) from generate_series(1, 20000) n",
            "create role reports login",
            "grant select on orders to reports",
        )
        run(url.replace("shop@", "reports@"), "select count(*) from orders")
        run(url, "select count(*) from stock")
        evidence = read_database(url)
    (size,) = evidence.measurements
    assert size.input == "data_gb"
    assert 0.01 < float(size.estimate or 0) < 0.1
    assert "public.orders" in size.evidence
    assert [(each.text, each.evidence) for each in evidence.findings] == [
        ("orders is used by 2 roles.", "reports, shop")
    ]


@pytest.mark.parametrize("url", ["mysql://shop@127.0.0.1/shop", "shop.db", "postgresql://a:b@[::1"])
def test_another_database_is_a_clear_error(url: str) -> None:
    """Only PostgreSQL is supported, and an error says so without the password."""
    with pytest.raises(EvidenceError, match="expected the URL of a PostgreSQL database"):
        read_database(url)


def test_a_database_that_is_not_there_is_a_clear_error() -> None:
    """The error is that of psql, without the password."""
    program("psql")
    with pytest.raises(EvidenceError, match="--database") as caught:
        read_database("postgresql://shop:secret@127.0.0.1:9/shop")
    assert "secret" not in str(caught.value)


def test_statements_are_told_apart() -> None:
    """Writes and tables are found in statements of SQL."""
    assert is_write(" insert into x values ($1)")
    assert is_write("UPDATE")
    assert not is_write("select * from updates")
    assert tables_in('select * from "shop"."orders" o join stock s on true') == ["shop.orders", "stock"]
    assert tables_in("select * from generate_series(1, 2)") == []
