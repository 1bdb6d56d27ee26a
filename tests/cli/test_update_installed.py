"""A newer wheel of blueprint updates a project that an older wheel created."""

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.generated.environment import python_for_all

from .installations import install, set_versions
from .projects import content, edit, outcomes
from .running import blueprint

Installation = dict[str, str]
pytestmark = pytest.mark.slow

CATALOG = "shared/python/catalog"
FIRST = f"{CATALOG}/migrations/0001_create_product.py"
SECOND = f"{CATALOG}/migrations/0005_note.py"
MIGRATION = '''"""Remember a note."""

import sqlalchemy as sa
from alembic import op

revision = "catalog_0005"
down_revision = "catalog_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table("note", sa.Column("text", sa.Text))
'''


def _older(checkout: Path) -> None:
    set_versions(checkout, "1.0.0", "5.0.0")


def _newer(checkout: Path) -> None:
    """Add a line to a service, add a migration, and rewrite one that must never change."""
    set_versions(checkout, "1.1.0", "5.1.0")
    templates = checkout / "templates"
    with (templates / CATALOG / "service.py").open("a") as file:
        file.write("\n\nNEWER = True\n")
    (templates / SECOND).write_text(MIGRATION)
    (templates / FIRST).write_text((templates / FIRST).read_text().replace("upgrade", "rewritten"))


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation of the older wheel, which creates the projects."""
    return install(tmp_path_factory.mktemp("older"), _older)


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation of the newer wheel, which updates them."""
    return install(tmp_path_factory.mktemp("newer"), _newer)


@pytest.fixture
def shop(here: Path, older: Installation) -> Path:
    """A project that the older wheel created."""
    done = blueprint("new", "shop", "--yes", cwd=here, env=older)
    assert done.status == 0, done.err
    return here / "shop"


def test_a_newer_wheel_updates_a_project(shop: Path, newer: Installation) -> None:
    """A newer wheel updates the project without the old templates, and keeps edits."""
    edit(shop, "src/shop/catalog/service.py", '"""', '"""Ours. ')
    done = blueprint("update", "--json", cwd=shop, env=newer)

    assert outcomes(done)["src/shop/catalog/service.py"] == "merged"
    assert done.json["pattern"] == {"name": "monolith", "from": "5.0.0", "to": "5.1.0"}
    merged = (shop / "src/shop/catalog/service.py").read_text()
    assert merged.startswith('"""Ours. ')
    assert merged.endswith("NEWER = True\n")
    remembered = yaml.safe_load((shop / ".blueprint/source.yaml").read_text())
    assert (remembered["blueprint"], remembered["version"]) == ("1.1.0", "5.1.0")


def test_the_older_wheel_refuses_a_downgrade(shop: Path, older: Installation, newer: Installation) -> None:
    """The older wheel refuses the downgrade, and writes nothing."""
    blueprint("update", cwd=shop, env=newer)
    before = content(shop)
    refused = blueprint("update", "--json", cwd=shop, env=older)
    assert (refused.status, refused.json["error"]["code"]) == (9, "downgrade")
    assert content(shop) == before


def test_migrations_are_only_added(shop: Path, newer: Installation) -> None:
    """Migrations that a database has run are never rewritten; new ones are added and run."""
    database = shop / "var/test.db"
    migrate(shop, database)
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE mine (line)")
    applied = {path: text for path, text in content(shop).items() if "/migrations/" in path}

    done = blueprint("update", "--json", cwd=shop, env=newer)
    found = outcomes(done)
    assert done.status == 8
    assert found["src/shop/catalog/migrations/0001_create_product.py"] == "kept-migration"
    assert found["src/shop/catalog/migrations/0005_note.py"] == "created"
    assert applied.items() <= content(shop).items()

    migrate(shop, database)
    with sqlite3.connect(database) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert {"mine", "note"} <= {name.split("__")[-1].split(".")[-1] for name in tables}


def migrate(shop: Path, database: Path) -> None:
    """Run the project's migrations on an SQLite database."""
    database.parent.mkdir(exist_ok=True)
    done = subprocess.run(
        [python_for_all(), "-m", "shop.app", "migrate"],
        cwd=shop,
        env={**os.environ, "PYTHONPATH": "src", "DATABASE_URL": f"sqlite+aiosqlite:///{database}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
