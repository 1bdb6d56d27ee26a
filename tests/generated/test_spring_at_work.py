"""A shop of the Spring stack builds, passes its own tests, and keeps its contract on H2 and PostgreSQL."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.servers.databases import postgresql
from tests.servers.process import free_port
from tests.servers.proxy import proxied

from .audited import SETTINGS
from .combinations import Combination
from .projects import tree_of, write
from .running import PACKAGE
from .spring import make, one_build_at_a_time, serving, tools
from .two_replicas import through

pytestmark = pytest.mark.thorough

SOURCES = f"src/main/java/com/example/{PACKAGE}"
FORBIDDEN = f"""package com.example.{PACKAGE}.cart;

/** Uses another context. */
class Planted {{

    private final Class<?> other = com.example.{PACKAGE}.catalog.%s.class;
}}
"""


@pytest.fixture(scope="module", autouse=True)
def _one_build_at_a_time() -> Iterator[None]:
    """Tests in other processes wait."""
    with one_build_at_a_time():
        yield


@pytest.fixture(scope="module")
def variables() -> dict[str, str]:
    """The JDK, and the Python of the clients."""
    return tools()


@pytest.fixture(scope="module")
def project(variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that has passed `make test`, with its jar."""
    folder = write(tree_of({"stack": "spring"}), tmp_path_factory.mktemp("spring") / "shop")
    make(folder, variables, "test")
    return folder


def test_the_shop_passes_its_own_tests(project: Path) -> None:
    """Format, Error Prone, boundaries, unit tests, and the acceptance suite and the audit on H2 pass."""
    assert (project / "target/shop.jar").exists()


def test_the_shop_keeps_its_contract_on_postgresql(
    project: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    """The acceptance suite and the audit pass on a real PostgreSQL."""
    with postgresql(tmp_path) as url:
        database = url.replace("+asyncpg", "")
        make(project, variables | {"TEST_DATABASE_URL": database}, "acceptance")


def test_a_new_process_waits_for_its_database_and_its_migrations(project: Path, tmp_path: Path) -> None:
    """It serves and says once what it waits for, is ready after the migrations, and does not end."""
    with postgresql(tmp_path) as url, proxied(free_port()) as proxy:
        database = {"DATABASE_URL": through(url, proxy).replace("+asyncpg", "")}
        with serving(project, tmp_path, SETTINGS | database, "serve") as shop:
            assert shop.get("/livez").status_code == 200
            waiting = shop.get("/readyz")
            assert waiting.status_code == 503
            assert waiting.json()["checks"]["database"] == "pending"
            proxy.redirect(urlsplit(url).port or 0)
            eventually(lambda: shop.logged("Waiting for the migrations") == 1)
            checks = shop.get("/readyz").json()["checks"]
            assert (checks["database"], checks["migrations"]) == ("ok", "pending")
            assert shop.logged("Waiting for the database") == 1
            assert shop.logged("The wait for the database is over") == 1
            with serving(project, tmp_path, SETTINGS | database, "migrate", "serve"):
                eventually(lambda: shop.ready() == 200)
            assert shop.get("/v1/products").status_code == 200
            assert shop.logged("Waiting for") == 2


def test_a_process_warms_up_and_closes_connections_while_it_drains(project: Path, tmp_path: Path) -> None:
    """It calls itself before it is ready; from SIGTERM on, it is not ready, but answers and says goodbye."""
    variables = SETTINGS | {"WARM_UP_SECONDS": "1", "DRAIN_SECONDS": "4"}
    with serving(project, tmp_path, variables, "migrate", "serve") as shop:
        eventually(lambda: shop.ready() == 200)
        assert shop.logged("Warmed up for") == 1
        with httpx2.Client(base_url=f"http://127.0.0.1:{shop.port}", trust_env=False) as client:
            assert client.get("/v1/products").headers.get("connection") != "close"
            shop.process.send_signal(signal.SIGTERM)
            eventually(lambda: shop.ready() == 503)
            last = client.get("/v1/products")
        assert (last.status_code, last.headers["connection"]) == (200, "close")
        assert shop.process.wait(60) == 143


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_context_that_uses_another_is_refused(
    project: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    """`make check` names both contexts, also where the class is public and the compiler agrees."""
    copy = shutil.copytree(project, tmp_path / "shop")
    public = next(
        path.stem
        for path in sorted((copy / SOURCES / "catalog").glob("*.java"))
        if "\npublic " in path.read_text()
    )
    (copy / SOURCES / "cart/Planted.java").write_text(FORBIDDEN % public)
    output = make(copy, variables, "check", fails=True)
    assert "Module 'cart' depends on module 'catalog'" in output


def test_a_shop_with_another_package_passes_its_checks(variables: dict[str, str], tmp_path: Path) -> None:
    """Another base package compiles, is formatted, and has the same boundaries."""
    options: Combination = {"stack": "spring", "base_package": "org.acme.store"}
    make(write(tree_of(options), tmp_path / "shop"), variables, "check")


def test_without_a_jdk_make_says_which_to_get(tmp_path: Path) -> None:
    """A machine without a JDK that is new enough gets one sentence, before anything is built."""
    project = write(tree_of({"stack": "spring"}), tmp_path / "shop")
    script = (project / "scripts/jdk.sh").read_text()
    (project / "scripts/jdk.sh").write_text(script.replace("-ge 21", "-ge 9999"))
    for target in ("run", "test", "check"):
        output = make(project, {}, target, fails=True)
        assert "This project needs a JDK 21 or newer." in output
        assert not (project / "target").exists()


def test_without_python_the_other_tests_run(project: Path, variables: dict[str, str], tmp_path: Path) -> None:
    """`make test` passes and names what it did not run; `make acceptance` fails with the same sentence."""
    copy = shutil.copytree(project, tmp_path / "shop")
    without = {"JAVA_HOME": variables["JAVA_HOME"], "PYTHON": "no-python"}
    reason = "They need Python 3.11 or newer, and no-python is older or missing."
    assert f"Skipped the acceptance tests. {reason}" in make(copy, without, "test")
    assert reason in make(copy, without, "acceptance", fails=True)
