"""The search of a catalog of 100,000 products uses its index on every database."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from tests.servers.databases import mariadb, postgresql

from .environment import python_for_all
from .running import PACKAGE, end_of, run, shop

PRODUCTS = 100_000
RARE = ("zyxwvut", "yxwv", "zyxwvut socks", "nothing like it")
DATABASES: Mapping[str, Callable[[Path], AbstractContextManager[str]]] = {
    "postgresql": postgresql,
    "mysql": mariadb,
    "sqlite": lambda folder: nullcontext(f"sqlite+aiosqlite:///{folder}/shop.db"),
}
# The scans that look at all names or at all trigrams.
SCANS = {
    # It sorts the products that it finds: fewer than 1,000 have the trigram.
    "postgresql": ("Seq Scan on product", "Seq Scan on product_trigram"),
    "mysql": ('"access_type": "ALL"', '"access_type": "index"', '"filesort"'),
    "sqlite": ("SCAN", "TEMP B-TREE"),
}
# Adds the products, and prints how each search is planned, and its seconds with and without the index.
MEASURE = f"""
import asyncio, json, os, random, sys, time
import sqlalchemy as sa
from {PACKAGE}.catalog import search
from {PACKAGE}.catalog.service import Catalog
from {PACKAGE}.catalog.tables import product, product_trigram
from chassis.db import migrating
from chassis.cache import Cache
from chassis.cache.store import NoStore
from chassis.db.database import Database, DatabaseSettings

EXPLAIN = {{"postgresql": "EXPLAIN ", "mysql": "EXPLAIN FORMAT=JSON ", "sqlite": "EXPLAIN QUERY PLAN "}}
TABLES = "catalog.product, catalog.product_trigram"
ANALYZE = {{"postgresql": "ANALYZE", "mysql": f"ANALYZE TABLE {{TABLES}}", "sqlite": "ANALYZE"}}
QUERIES = ("zyxwvut", "yxwv", "socks", "cks", "zyxwvut socks", "socks gloves", "nothing like it")
WORDS = [
    "".join(random.Random(number).choices("aeioustrnlmdkpgb", k=3 + number % 7)) for number in range(4000)
]

async def main(products):
    database = Database(DatabaseSettings())
    name = database.engine.dialect.name
    await migrating.upgrade(database)
    draw = random.Random(1)
    rows = []
    for number in range(products):
        words = [draw.choice(WORDS) for _ in range(4)] + ["socks" if number % 3 else "gloves"]
        words += ["zyxwvut"] if number == products - 5 else []
        title = " ".join(words)
        rows.append({{
            "sku": f"SKU-{{number:06}}", "name": title, "folded_name": title, "description": "-",
            "category": "things", "price": 1, "version": 1,
        }})
    started = time.monotonic()
    for start in range(0, products, 5000):
        some = rows[start:start + 5000]
        grams = [
            {{"trigram": each, "sku": row["sku"]}} for row in some for each in search.trigrams(row["name"])
        ]
        async with database.engine.begin() as connection:
            await connection.execute(sa.insert(product), some)
            await connection.execute(sa.insert(product_trigram), grams)
    loaded = time.monotonic() - started
    async with database.engine.connect() as connection:
        connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql(ANALYZE[name])
    catalog = Catalog(database, Cache(NoStore()), "EUR")
    found = {{"loaded": loaded}}
    for q in (*QUERIES, WORDS[7] + " " + WORDS[8]):
        found[q] = {{
            "plan": await plan(database, EXPLAIN[name], q),
            "with": await seconds(catalog, q),
            "without": await without_index(catalog, q),
        }}
    await database.close()
    print(json.dumps(found))

async def plan(database, explain, q):
    async with database.reading() as connection:
        trigram = await search.rarest_trigram(connection, q)
    statement, values = search.matching(sa.select(product.c.sku, product.c.name), q, trigram, "")
    statement = statement.limit(21).params(values)
    text = str(statement.compile(dialect=database.engine.dialect, compile_kwargs={{"literal_binds": True}}))
    if database.engine.dialect.name == "sqlite":
        text = text.replace("catalog.", "")
    async with database.engine.connect() as connection:
        rows = await connection.exec_driver_sql(explain + text)
        return "\\n".join(" ".join(map(str, row)) for row in rows)

async def seconds(catalog, q):
    times = []
    for _ in range(7):
        started = time.perf_counter()
        await catalog.page(q, None, None, 20)
        times.append(time.perf_counter() - started)
    return sorted(times)[3]

async def without_index(catalog, q):
    found, search.trigrams = search.trigrams, lambda name: []
    try:
        return await seconds(catalog, q)
    finally:
        search.trigrams = found

asyncio.run(main(int(sys.argv[1])))
"""


@pytest.mark.parametrize(
    "database",
    [
        pytest.param(
            each,
            # That of development, and the one of most tests, each take a minute.
            marks=pytest.mark.thorough if each == "mysql" else pytest.mark.long,
        )
        for each in DATABASES
    ],
)
def test_a_search_uses_the_index(database: str, tmp_path: Path) -> None:
    """A rare query is planned without a look at all names; a frequent one may be read from the list."""
    options = {"database": "mysql" if database == "mysql" else "postgresql", "cache": "memory", "auth": "jwt"}
    project = shop("monolith", tmp_path / "project", options)
    with DATABASES[database](tmp_path) as url:
        variables = {"PYTHONPATH": "src", "DATABASE_URL": url}
        done = run([python_for_all(), "-c", MEASURE, str(PRODUCTS)], project, variables)
    assert done.returncode == 0, end_of(done)
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"{PRODUCTS:,} products on {database}, loaded in {found.pop('loaded'):.0f} s")
    for q, each in found.items():
        print(f"{q!r:24}{each['with'] * 1000:8.1f} ms, without the index {each['without'] * 1000:8.1f} ms")
    for q in RARE:
        each = found[q]
        assert "trigram" in each["plan"], (q, each["plan"])
        assert not [scan for scan in SCANS[database] if scan in each["plan"]], (q, each["plan"])
