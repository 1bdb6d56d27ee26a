"""Shops verify the certificate of their database with the parameters that the README for Kubernetes names."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from shutil import chown

import pytest

from templates.shared.acceptance.seeder import assert_eventually
from tests.servers.certificates import sign
from tests.servers.databases import mariadb, postgresql
from tests.servers.process import folder_of, unprivileged

from .audited import SETTINGS
from .environment import python_for_all
from .projects import tree_of, write
from .spring import make, one_build_at_a_time, serving, tools
from .two_replicas import environment

DATABASES = ("postgresql", "mysql")
MOUNTED = "/etc/database/ca.crt"


@pytest.mark.thorough
@pytest.mark.parametrize("database", DATABASES)
def test_in_python(database: str, tmp_path: Path) -> None:
    """A migration runs with the right certificate authority, and fails with another one."""
    project = write(tree_of({"database": database}), tmp_path / "project")
    with _served(database, tmp_path) as (url, right, wrong):
        address = url + _parameters(project)
        done = _migrate(project, address.replace(MOUNTED, str(right)))
        assert done.returncode == 0, done.stderr
        refused = _migrate(project, address.replace(MOUNTED, str(wrong)))
        assert refused.returncode != 0
        assert "CERTIFICATE_VERIFY_FAILED" in refused.stderr, refused.stderr


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_in_java(database: str, tmp_path: Path) -> None:
    """A shop becomes ready with the right certificate authority; with another one, it waits."""
    project = write(tree_of({"stack": "spring", "database": database}), tmp_path / "project")
    with one_build_at_a_time(), _served(database, tmp_path) as (driver_url, right, wrong):
        make(project, tools(), "target/shop.jar")
        url = driver_url.replace("+asyncpg", "").replace("+asyncmy", "") + _parameters(project)
        settings = SETTINGS | {
            "DATABASE_URL": url.replace(MOUNTED, str(right)),
            "CACHE_URL": "redis://127.0.0.1:1",
        }
        with serving(project, tmp_path, settings, "migrate", "serve") as shop:
            assert_eventually(shop.ready, 200, within=120)
        settings |= {"DATABASE_URL": url.replace(MOUNTED, str(wrong))}
        with serving(project, tmp_path, settings, "serve") as shop:
            assert_eventually(
                lambda: shop.get("/readyz").json()["checks"]["database"], "unavailable", within=120
            )


def _migrate(project: Path, url: str) -> subprocess.CompletedProcess[str]:
    command = [python_for_all(), "-m", "corner_shop.app", "migrate"]
    variables = environment(PYTHONPATH="src", DATABASE_URL=url)
    return subprocess.run(
        command, cwd=project, env=variables, capture_output=True, text=True, check=False, timeout=300
    )


def _parameters(project: Path) -> str:
    """Return what the README says to append to the address."""
    text = (project / "deploy/kubernetes/README.md").read_text()
    (found,) = re.findall(r"append\s`(\?\S+)` to `DATABASE_URL`", text)
    assert MOUNTED in found
    return str(found)


def _with_tls(database: str, folder: Path, certificate: Path) -> AbstractContextManager[str]:
    files = {"cert": certificate / "server.crt", "key": certificate / "server.key"}
    if database == "postgresql":
        return postgresql(
            folder, settings=["ssl=on", *(f"ssl_{key}_file={path}" for key, path in files.items())]
        )
    return mariadb(folder, options=[f"--ssl-{key}={path}" for key, path in files.items()])


@contextmanager
def _served(database: str, folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """Yield the URL of a database, the certificate of its authority, and that of another one."""
    with folder_of(unprivileged({"postgresql": "postgres", "mysql": "mysql"}[database])) as signed:
        sign(signed)
        other = folder / "other"
        other.mkdir()
        sign(other)
        for each in signed.iterdir():
            chown(each, signed.owner())
        with _with_tls(database, folder, signed) as url:
            yield url, signed / "ca.crt", other / "ca.crt"
