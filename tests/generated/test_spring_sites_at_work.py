"""Projects in Java without a shop pass their own tests, and announce articles as those in Python do."""

import json
from pathlib import Path

import pytest

from tests.servers.databases import postgresql
from tests.servers.kafka import kafka

from .combinations import Combination
from .environment import python_for_all
from .projects import write
from .running import end_of, run
from .spring import make, tools, without_driver
from .test_contexts import without_a_shop

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("one_build_at_a_time")]

HERE = Path(__file__).parent
EVENTS = "event-driven"


@pytest.mark.parametrize(
    ("pattern", "options"),
    [
        ("monolith", {"content": True, "extra_contexts": ["books"], "cache": "memory"}),
        ("monolith", {"auth": "oauth2", "observability": False}),
        ("microservices", {"content": True, "cache": "memory"}),
        ("microservices", {"auth": "oauth2", "content": True, "database": "mysql"}),
    ],
)
def test_a_project_without_a_shop_passes_its_own_tests(
    pattern: str, options: Combination, tmp_path: Path
) -> None:
    """Format, Error Prone, boundaries, unit tests, acceptance suite and audit pass on embedded databases."""
    make(write(without_a_shop(pattern, {"stack": "spring", **options}), tmp_path / "site"), tools(), "test")


def test_a_content_site_announces_what_python_reads(tmp_path: Path) -> None:
    """All tests pass with PostgreSQL and Kafka, and each announcement is an event of a consumer in Python."""
    site = write(without_a_shop(EVENTS, {"stack": "spring", "cache": "memory"}), tmp_path / "site")
    consumer = write(without_a_shop(EVENTS, {"cache": "memory"}), tmp_path / "consumer")
    (tmp_path / "broker").mkdir()
    with postgresql(tmp_path) as url, kafka(tmp_path / "broker") as broker:
        servers = {"TEST_DATABASE_URL": without_driver(url), "TEST_BUS_URL": broker.url}
        make(site, tools() | servers, "test")
        paths = {"PYTHONPATH": "libs/src:services/content/src:."}
        done = run([python_for_all(), str(HERE / "announced.py"), broker.url], consumer, paths)
    assert done.returncode == 0, end_of(done)
    announced = json.loads(done.stdout.splitlines()[-1])
    assert announced.keys() == {"ArticlePublished", "ArticleWithdrawn"}
