"""The event-driven shop on real servers, under faults, and without what keeps it right."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from blueprint.patterns import check_answers, find_pattern
from blueprint.render import render
from tests.servers import crash
from tests.servers.caches import redis
from tests.servers.databases import postgresql
from tests.servers.kafka import kafka
from tests.servers.process import program

from .environment import ROOT, python_for_all
from .projects import PROJECT, write

OPTIONS = {"database": "postgresql", "cache": "redis", "auth": "jwt"}
EMBEDDED = {"FAULTS_BUS": "embedded"}
PACKAGE = PROJECT.replace("-", "_")
SECONDS = 1800
# What the shop is not right without: a file, what is in it, what is there instead, and who notices.
MUTATIONS = {
    "inbox": (
        f"libs/src/{PACKAGE}/chassis/inbox.py",
        "        row = {",
        "        return True\n        row = {",
        "test_messages.py::test_news_that_come_again_do_not_empty_a_cart_again",
    ),
    "guard against a debit after the rejection": (
        f"services/payments/src/{PACKAGE}/payments/ledger.py",
        "        ~sa.exists().where(*_OF_ORDER),\n",
        "",
        "test_lateness.py::test_an_answer_that_comes_after_the_order_was_given_up[inventory]",
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An event-driven shop."""
    pattern = find_pattern("event-driven")
    folder = write(render(pattern, check_answers(pattern, PROJECT, OPTIONS)).tree, tmp_path / "project")
    # Where the broker's jars are, once they were fetched.
    (ROOT / "build").mkdir(exist_ok=True)
    (folder / "build").symlink_to(ROOT / "build")
    return folder


def test_it_keeps_the_contract_on_postgresql_redis_and_kafka(project: Path, tmp_path: Path) -> None:
    """The acceptance suite, unchanged, and the audit after it."""
    (tmp_path / "broker").mkdir()
    with postgresql(tmp_path) as database, redis(tmp_path) as cache, kafka(tmp_path / "broker") as broker:
        servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache, "TEST_BUS_URL": broker.url}
        outcome = run_tests(project, ["tests/test_acceptance.py"], servers)
    assert outcome.returncode == 0, outcome.stdout[-6000:]


@pytest.mark.long
def test_it_survives_faults_on_a_real_broker_and_database(project: Path, tmp_path: Path) -> None:
    """All of its own tests of faults; nothing is skipped, and no order is lost."""
    program("java")
    program("mvn")
    with postgresql(tmp_path) as database:
        crashing = [sys.executable, crash.__file__, str(urlsplit(database).port)]
        servers = {"TEST_DATABASE_URL": database, "TEST_DATABASE_CRASH": shlex.join(crashing)}
        outcome = run_tests(project, ["tests/faults"], servers)
    print(outcome.stdout[outcome.stdout.find("orders under faults") :])
    assert outcome.returncode == 0, outcome.stdout[-6000:]
    assert " skipped" not in outcome.stdout


@pytest.mark.long
def test_it_survives_what_the_mutations_do_not(project: Path) -> None:
    """As it is made, it passes the tests by which a mutation is found."""
    found_by = [f"tests/faults/{test}" for *_, test in MUTATIONS.values()]
    outcome = run_tests(project, found_by, EMBEDDED)
    assert outcome.returncode == 0, outcome.stdout[-6000:]


@pytest.mark.long
@pytest.mark.parametrize("what", MUTATIONS)
def test_it_is_not_right_without(what: str, project: Path) -> None:
    """Its own tests go red when that is taken out."""
    name, there, instead, test = MUTATIONS[what]
    text = (project / name).read_text()
    assert text.count(there) == 1
    (project / name).write_text(text.replace(there, instead))
    outcome = run_tests(project, [f"tests/faults/{test}"], EMBEDDED)
    assert outcome.returncode == 1, outcome.stdout[-6000:]
    assert "AssertionError" in outcome.stdout
    assert "1 failed" in outcome.stdout


def run_tests(
    project: Path, tests: list[str], variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run some tests of the project, with no variables of ours but these."""
    ours = {"VIRTUAL_ENV", "PYTHONPATH"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [python_for_all(), "-m", "pytest", "--show-capture=no", *tests],
        cwd=project,
        env=inherited | {"PYTHONPATH": f"libs/src{os.pathsep}."} | dict(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=SECONDS,
    )
