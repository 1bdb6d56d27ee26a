"""The first change that each generated README teaches works on every database, with data and two replicas."""

import re
import shlex
import shutil
import subprocess
import textwrap
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from tests.servers.databases import mariadb, postgresql

from .environment import environment_for_all
from .projects import PATTERN, PATTERNS
from .running import PACKAGE, end_of, run, shop


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    """Yield the URL of a new SQLite database."""
    yield f"sqlite+aiosqlite:///{folder}/shop.db"


Server = Callable[[Path], AbstractContextManager[str]]
DATABASES: list[tuple[str, str, Server]] = [
    ("sqlite", "postgresql", sqlite),
    ("postgresql", "postgresql", postgresql),
    ("mariadb", "mysql", mariadb),
]
CASES = [
    pytest.param(
        pattern,
        option,
        server,
        id=f"{pattern}-{name}",
        marks=pytest.mark.slow if (pattern, name) == (PATTERN, "sqlite") else pytest.mark.thorough,
    )
    for pattern in PATTERNS
    for name, option, server in DATABASES
]

DATABASE = "from chassis.db.database"
CHECK_PRICE = '    sa.CheckConstraint("price >= 0"'
NUMBER = '    sa.Column("number", sa.Integer),\n'
MORE_COLUMNS = f"""{NUMBER}    sa.Column("rate", sa.Numeric(10, 3)),
    sa.Column("properties", sa.JSON),
    sa.Column("visible", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("added_at", UtcDateTime, nullable=False, server_default="2020-01-01 00:00:00"),
    sa.Column("variant_of", sa.String(64), sa.ForeignKey("catalog.product.sku")),
    sa.Column("group_id", sa.ForeignKey("catalog.product_group.id")),
    sa.CheckConstraint("price < 9 OR (rate IS NULL OR (rate > 0))", name="rate"),
    sa.Index(None, "rate"),
"""
GROUP = """
product_group = sa.Table(
    "product_group",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50), nullable=False, unique=True),
)
"""
BY_HAND = """
def upgrade():
    with op.batch_alter_table("product") as batch_op:
        batch_op.drop_column("number")
    product_group = sa.table("product_group", sa.column("id"), sa.column("name"))
    op.execute(sa.insert(product_group).values(id=7, name="fruit"))
    product = sa.table("product", sa.column("category"), sa.column("group_id"))
    names = sa.select(product_group.c.name)
    op.execute(sa.update(product).where(product.c.category.in_(names)).values(group_id=7))
"""
FAILING = """
def upgrade():
    op.create_table("left", sa.Column("id", sa.Integer))
    1 / 0
"""
KEYWORD_TABLES = '''"""A context whose name and table are words of SQL."""

import sqlalchemy as sa

from chassis.db.database import schema_of

metadata = schema_of("user")
table = sa.Table("select", metadata, sa.Column("id", sa.Integer, primary_key=True))
'''
PREPARE = f"""
import asyncio
from {PACKAGE}.catalog.domain import Product
from {PACKAGE}.catalog.service import Catalog
from chassis.db import migrating
from chassis.cache import Cache, CacheSettings, open_store
from chassis.db.database import Database, DatabaseSettings
from chassis.money import Money

async def prepare():
    database = Database(DatabaseSettings())
    await migrating.upgrade(database)
    catalog = Catalog(database, Cache(open_store(CacheSettings())), "EUR")
    await catalog.create(Product("A", "Apple", "", "fruit", Money(100, "EUR"), version=1))

asyncio.run(prepare())
"""
CHECK = f"""
import asyncio
import sqlalchemy as sa
from {PACKAGE}.catalog.tables import product
from chassis.db.database import Database, DatabaseSettings
from chassis.db.migrating.comparison import differences

async def check():
    async with Database(DatabaseSettings()).engine.connect() as connection:
        row = (await connection.execute(sa.select(product))).one()
        print(row.sku, row.grams, row.rate, row.properties, row.visible, row.added_at.year, row.group_id)
        print(await connection.run_sync(differences))
        tables = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names({{schema!r}}))
        print("left" in tables)

asyncio.run(check())
"""
ANSWER = """
from fastapi.testclient import TestClient
from {program}.main import create

print(TestClient(create()).get("/v1/products/A").text)
"""
FAIL = """
import asyncio
from chassis.db import migrating
from chassis.db.database import Database, DatabaseSettings

try:
    asyncio.run(migrating.upgrade(Database(DatabaseSettings())))
except ZeroDivisionError:
    print("failed")
"""


@dataclass(frozen=True)
class Project:
    """A generated project and the database of its catalog."""

    folder: Path
    pattern: str
    environment: Path
    url: str

    @property
    def sources(self) -> Path:
        """The folder of the catalog's Python path."""
        own = "src" if self.pattern == PATTERN else "services/catalog/src"
        return self.folder / own / PACKAGE

    @property
    def program(self) -> str:
        """The program that has the catalog."""
        return f"{PACKAGE}.{'app' if self.pattern == PATTERN else 'catalog_service'}"

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment of the program."""
        path = [self.folder / "libs/src", self.sources.parent]
        return {
            "DATABASE_URL": self.url,
            "IDENTITY_URL": "http://127.0.0.1:1",
            "SIGNING_KEYS": urlsafe_b64encode(bytes(range(32))).decode(),
            "PYTHONPATH": ":".join(map(str, path)),
        }

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the project."""
        return run([str(self.environment / "bin/python"), *arguments], self.folder, self.variables)

    def succeed(self, *arguments: str) -> str:
        """Run Python in the project and return what it printed."""
        done = self.python(*arguments)
        assert done.returncode == 0, end_of(done)
        return done.stdout

    def make(self, command: str) -> None:
        """Run a command of the README."""
        done = run([*shlex.split(command), f"VENV={self.environment}"], self.folder)
        assert done.returncode == 0, end_of(done)

    def migrate_twice(self) -> None:
        """Start two replicas at once, which both migrate."""
        command = [str(self.environment / "bin/python"), "-m", self.program, "migrate"]
        replicas = [
            subprocess.Popen(command, cwd=self.folder, env=self.variables, stdout=-1, stderr=-2, text=True)
            for _ in range(2)
        ]
        for replica in replicas:
            output, _ = replica.communicate(timeout=300)
            assert replica.returncode == 0, output[-4000:]

    def replace(self, old: str, new: str) -> None:
        """Replace a text in the tables of the catalog."""
        path = self.sources / "catalog/tables.py"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def define(self, columns: str, rest: str = "") -> None:
        """Add columns to the product, after the version, and tables below it."""
        self.replace(CHECK_PRICE, f"{columns}{CHECK_PRICE}")
        with (self.sources / "catalog/tables.py").open("a") as file:
            file.write(rest)

    def write(self, code: str) -> None:
        """Add a migration of the catalog that is written by hand."""
        migrations = self.sources / "catalog/migrations"
        number = 1 + len(list(migrations.glob("[0-9]*.py")))
        path = migrations / f"{number:04}_by_hand.py"
        down = f"catalog_{number - 1:04}"
        path.write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = 'catalog_{number:04}'\n"
            f"down_revision = {down!r}\nbranch_labels = None\ndepends_on = None\n\n{code}\n"
        )


Changes = Callable[[str, str], tuple[Path, Path]]


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> Changes:
    """Returns a project of a pattern and a database option as generated, and a copy with the first change.

    Writing migrations needs no server, so the tests of all servers share them.
    """

    @cache
    def make(pattern: str, database: str) -> tuple[Path, Path]:
        folder = tmp_path_factory.mktemp(f"{pattern}-{database}")
        before = shop(pattern, folder / "before", {"database": database, "cache": "memory"})
        return before, change(Project(before, pattern, environment_for_all(), url=""), folder / "after")

    return make


def change(before: Project, folder: Path) -> Path:
    """Copy a project to `folder`, and make the changes there: the first one word for word as in README."""
    shutil.copytree(before.folder, folder)
    readme = (folder / "README.md").read_text()
    column, by_hand = (
        textwrap.dedent(code) for code in re.findall(r" *```python\n(.*?)```", readme, re.DOTALL)
    )
    (command,) = re.findall(r"Run `(make revision [^`]*)`", readme)
    project = replace(before, folder=folder)
    project.define(f"    {column.strip()},\n")
    project.make(command)
    project.replace(DATABASE, f"from chassis.db.columns import UtcDateTime\n{DATABASE}")
    project.define(MORE_COLUMNS, GROUP)
    project.make(command.replace("Add the weight", "Add the rest"))
    project.write(by_hand)
    project.write(BY_HAND)
    project.replace('"weight"', '"grams"')
    project.replace(NUMBER, "")
    if project.pattern == PATTERN:
        (project.sources / "user").mkdir()
        (project.sources / "user/tables.py").write_text(KEYWORD_TABLES)
        project.make('make revision CONTEXT=user MESSAGE="Create the \\"select\\" table."')
    return folder


@pytest.mark.parametrize(("pattern", "database", "server"), CASES)
def test_the_first_change(
    pattern: str, database: str, server: Server, changes: Changes, tmp_path: Path
) -> None:
    """Its text and commands reach a database with data; a failing migration leaves nothing behind."""
    before, after = changes(pattern, database)
    with server(tmp_path) as url:
        project = Project(before, pattern, environment_for_all(), url)
        project.succeed("-c", PREPARE)
        project = replace(project, folder=shutil.copytree(after, tmp_path / "project"))
        project.migrate_twice()
        check = CHECK.format(schema=None if url.startswith("sqlite") else "catalog")
        right = ["A 100 None None True 2020 7", "[]", "False"]
        *found, answer = project.succeed("-c", check + ANSWER.format(program=project.program)).splitlines()
        assert found[-3:] == right
        assert '"name":"Apple"' in answer
        if not url.startswith("mysql"):
            project.write(FAILING)
            failed = project.succeed("-c", FAIL + check).splitlines()
            assert (failed[-4], failed[-3:]) == ("failed", right)
