"""A shop of the Spring stack builds, passes its own tests, and keeps its contract on H2 and PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.databases import postgresql

from .combinations import Combination
from .projects import tree_of, write
from .running import PACKAGE
from .spring import java_variables, make, one_build_at_a_time

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
    with one_build_at_a_time():
        yield


@pytest.fixture(scope="module")
def variables() -> dict[str, str]:
    """The JDK, and the Python of the clients."""
    return java_variables()


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
