"""Tests of `blueprint recommend --check` for a container service: planted faults in its sizes are found."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from blueprint.advise.capacity_plan import Cache, Database
from blueprint.advise.datafiles import load
from blueprint.deployment.managed import managed_shortfalls
from blueprint.deployment.sizes import Managed
from tests.cli.running import Outcome

from .projects import check, new_project

pytestmark = pytest.mark.slow

NEEDS = """\
traffic: {mean_rps: 200, peak_rps: 1500}
data: {read_fraction: 0.92, payload_kb: 3, data_gb: 200, growth_gb_month: 15}
quality: {availability: 99.95}
surroundings: {host: containers, cloud: aws}
"""
SIZES = "deploy/containers/sizes.auto.tfvars.json"


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A monolith on a managed container service, as it is generated for its needs."""
    return new_project(tmp_path_factory.mktemp("containers"), "monolith", needs=NEEDS)


def check_with(generated: Path, capsys: pytest.CaptureFixture[str], *options: str, **sizes: Any) -> Outcome:
    """Compare the project with its needs, with other sizes."""
    path = generated / SIZES
    text = path.read_text()
    path.write_text(json.dumps(json.loads(text) | sizes))
    try:
        return check(generated / "deploy", *options, capsys=capsys)
    finally:
        path.write_text(text)


def test_a_fresh_project_meets_its_needs(generated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It costs what was estimated, and the report names the file with the sizes."""
    done = check_with(generated, capsys, "--json")
    assert done.status == 0, done.err
    (deployment,) = done.json["deployments"]
    assert (deployment["pattern"], deployment["met"], deployment["notes"]) == ("monolith", True, [])
    assert deployment["path"].endswith(SIZES)
    assert abs(deployment["price"]["difference_usd"]) < 1


@pytest.mark.parametrize(
    ("sizes", "identity", "said"),
    [
        ({"tasks_maximum": 3}, "replicas-at-peak", "the maximum is 3. Raise tasks_maximum to "),
        ({"tasks_minimum": 1}, "replicas-always", "the minimum is 1. Raise tasks_minimum to 2."),
        ({"task_cpu": 4096}, "cpu-target", "Lower task_cpu_target to "),
        ({"task_memory_mib": 128}, "memory-limit", "Raise task_memory_mib to "),
        ({"database_class": "db.t3.small"}, "database-cpu", "Set database_class to db."),
        ({"database_standby": False}, "database-servers", "Set database_standby to true."),
        ({"database_storage_gib": 20}, "volume", "Raise database_storage_gib to "),
    ],
)
def test_a_size_that_is_too_small_is_found(
    generated: Path, capsys: pytest.CaptureFixture[str], sizes: dict[str, Any], identity: str, said: str
) -> None:
    """The status is 8, and the text says which variable to change."""
    done = check_with(generated, capsys, "--json", **sizes)
    assert done.status == 8
    found = {row["id"]: row for row in done.json["deployments"][0]["shortfalls"]}
    assert identity in found
    assert said in check_with(generated, capsys, **sizes).out.replace("\n", " ")


def test_a_cache_that_is_too_small_is_found() -> None:
    """A node has less memory than what the cache has to hold."""
    database = Database(2, 1, 0, 1, False, 1, 1, 100, 10)
    cache = Cache(memory_mib=2048, items=1, hit_rate=0.9, nodes=1)

    def found(node: str) -> list[str]:
        managed = Managed("db.m5.large", 1, 20, node, 1)
        return [each.id for each in managed_shortfalls(managed, [database], cache, "aws")]

    assert found("cache.t4g.micro") == ["cache-memory"]
    assert found("cache.t4g.medium") == []


def test_the_template_has_the_nodes_that_are_known() -> None:
    """A node that the template chooses is compared and priced."""
    template = Path(__file__).parents[2] / "templates/shared/deploy/containers" / f"{Path(SIZES).name}.jinja"
    nodes = re.findall(r'\((\d+), "([\w.]+)"\)', template.read_text())
    assert {f"cache.{name}": int(mib) for mib, name in nodes} == load("providers")["cache_nodes"]["aws"]


def test_a_class_of_unknown_price_costs_what_is_estimated(
    generated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is not compared either, and a note names it."""
    done = check_with(generated, capsys, "--json", database_class="db.x9.large")
    (deployment,) = done.json["deployments"]
    assert deployment["notes"] == ["of unknown price, so priced as estimated: db.x9.large"]
    assert abs(deployment["price"]["difference_usd"]) < 1


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ({"task_cpu": "512"}, "task_cpu is '512'"),
        ({"task_cpu": True}, "task_cpu is 'True'"),
        ({"tasks_minimum": 0}, "tasks_minimum is '0'"),
        ({"tasks_minimum": 9, "tasks_maximum": 3}, "tasks_maximum 3 is less than tasks_minimum 9"),
        ({"database_class": None}, "database_class is 'None'"),
        ({"cache_standby": 2}, "cache_standby is '2'"),
    ],
)
def test_what_is_no_size_is_refused(
    generated: Path, capsys: pytest.CaptureFixture[str], sizes: dict[str, Any], said: str
) -> None:
    """The status is 7, and the message names the variable."""
    done = check_with(generated, capsys, **sizes)
    assert (done.status, done.out) == (7, "")
    assert said in done.err.replace("\n", " ")
