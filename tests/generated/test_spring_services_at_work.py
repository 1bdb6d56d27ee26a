"""Services of the Spring stack build, pass their tests, and keep the contract on H2 and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.databases import postgresql

from .projects import tree_of, write
from .spring import make, one_build_at_a_time, tools
from .surviving import survive

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A shop that has passed `make test`, with its programs."""
    tree = tree_of({"stack": "spring"}, pattern="microservices")
    folder = write(tree, tmp_path_factory.mktemp("spring") / "shop")
    with one_build_at_a_time():
        make(folder, tools(), "test")
        yield folder


def test_the_shop_passes_its_own_tests(project: Path) -> None:
    """Format, Error Prone, unit tests, and the acceptance suite and the audit of six processes pass on H2."""
    assert (project / "services/orders/target/orders.jar").exists()


def test_the_shop_keeps_its_contract_on_postgresql(project: Path, tmp_path: Path) -> None:
    """The acceptance suite and the audit pass on a real PostgreSQL."""
    with postgresql(tmp_path) as url:
        make(project, tools() | {"TEST_DATABASE_URL": url.replace("+asyncpg", "")}, "acceptance")


def test_the_services_survive_faults(project: Path, tmp_path: Path) -> None:
    """`make faults` passes with killed processes, lost calls and a crashed database; no test is skipped."""
    survive("microservices", project, tmp_path, "postgresql", "faults", stack="spring")
