"""Tests of `blueprint recommend --check`: fresh projects meet their needs, and planted faults are found."""

import json
import math
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.cli.running import COMMAND, blueprint
from tests.servers.process import program

from .projects import DEVELOPMENT, PATTERNS, PRODUCTION, Change, check, copy_of, edit, halved, new_project

pytestmark = pytest.mark.slow

Fresh = Callable[[str], Path]
BASE = "deploy/kubernetes/base"
GROUPS = "deployables=[[catalog, cart], [orders, payments, inventory], [identity]]"
EVENT_GROUPS = (
    "deployables=[[catalog, cart], [orders, payments, inventory], [identity, notifications], [analytics]]"
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_fresh_project_meets_the_needs_that_it_was_made_from(
    fresh: Fresh, pattern: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A project made from needs meets them, and costs what was estimated if all servers are managed."""
    done = check(fresh(pattern) / "deploy", "--json", capsys=capsys)
    assert done.status == 0
    (deployment,) = done.json["deployments"]
    assert (deployment["pattern"], deployment["met"], deployment["shortfalls"]) == (pattern, True, [])
    assert [Path(path).name for path in done.json["left_out"]] == ["development"]
    assert done.json["needs"].endswith("docs/adr/needs.yaml")
    if pattern != "event-driven":
        assert deployment["price"]["difference_usd"] == 0


def test_a_fresh_project_with_groups_meets_its_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Services that run several contexts need the replicas of all of them together."""
    project = new_project(tmp_path / "grouped", "microservices", "--set", GROUPS)
    done = check(project / "deploy", "--json", capsys=capsys)
    assert done.status == 0
    workloads = done.json["deployments"][0]["workloads"]
    assert {row["name"]: row["parts"] for row in workloads} == {
        "catalog-service": ["catalog", "cart"],
        "orders-service": ["orders", "payments", "inventory"],
        "identity-service": ["identity"],
    }


def test_a_fresh_event_driven_project_with_groups_meets_its_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The API and the worker of a service run different parts of its load; a worker needs partitions."""
    few = new_project(tmp_path / "few", "event-driven", "--set", EVENT_GROUPS)
    found = check(few / "deploy", "--json", capsys=capsys).json["deployments"][0]["shortfalls"]
    assert {row["id"] for row in found} == {"replicas-at-peak", "partitions"}
    (required,) = {row["required"] for row in found}

    options = ("--set", EVENT_GROUPS, "--set", f"partitions={required}")
    project = new_project(tmp_path / "grouped", "event-driven", *options)
    done = check(project / "deploy", "--json", capsys=capsys)
    workloads = done.json["deployments"][0]["workloads"]
    assert {row["name"]: row["parts"] for row in workloads} == {
        "catalog-service": ["catalog", "cart"],
        "catalog-worker": ["cart"],
        "orders-service": ["orders", "payments", "inventory"],
        "orders-worker": ["orders", "payments", "inventory"],
        "identity-service": ["identity"],
        "identity-worker": ["notifications"],
        "analytics-service": ["analytics"],
    }
    assert done.status == 0, done.out


@pytest.mark.parametrize(
    "needs",
    [
        "traffic: {mean_rps: 100, peak_rps: 400, events_per_s: 2000, workload: mixed}\n"
        "data: {payload_kb: 5}\nsurroundings: {kafka_retention_days: 30, host: kubernetes}\n",
        "traffic: {mean_rps: 1, peak_rps: 5}\nteam: {engineers: 2, stage: prototype}\n",
    ],
    ids=["retained events", "one machine"],
)
def test_a_fresh_event_driven_project_holds_its_events(
    needs: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The volumes of the brokers are sized for the retained events; without a cluster, nothing is spare."""
    project = new_project(tmp_path / "events", "event-driven", "--kubernetes", needs=needs)
    done = check(project / "deploy", capsys=capsys)
    assert (done.status, "Every need is met." in done.out) == (0, True), done.out


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_development_overlay_is_not_sized_for_the_load(
    fresh: Fresh, pattern: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Named by its path, the overlay for development is compared too: its database is too small."""
    done = check(fresh(pattern) / DEVELOPMENT, "--json", capsys=capsys)
    assert done.status == 8
    found = {(row["id"], row["workload"]) for row in done.json["deployments"][0]["shortfalls"]}
    assert {("volume", "database"), ("database-cpu", "database"), ("database-servers", "database")} <= found
    assert (("brokers", "broker") in found) is (pattern == "event-driven")


SCALER = f"{BASE}/autoscaler.yaml"
POD = f"{BASE}/deployment.yaml"
OVERLAY = f"{PRODUCTION}/kustomization.yaml"
SERVICE = "deploy/kubernetes/service/deployment.yaml"
WORKER = "deploy/kubernetes/worker/deployment.yaml"
KAFKA, TOPICS, SCALERS = (f"{PRODUCTION}/{name}.yaml" for name in ("kafka", "topics", "scalers"))
BROKERS = "replicas: {}\n  roles: [broker]"
TOO_FEW = {"replicas-at-peak"}
TOO_SMALL = {"memory-limit", "memory-request"}
LOWERED = """patches:
  - patch: |-
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: shop}
      spec: {maxReplicas: 4}
images:
"""


@pytest.mark.parametrize(
    ("pattern", "file", "old", "new", "found"),
    [
        ("monolith", SCALER, r"maxReplicas: \d+", halved, TOO_FEW),
        ("monolith", SCALER, r"minReplicas: \d+", "minReplicas: 1", {"replicas-always"}),
        ("monolith", OVERLAY, "images:\n", LOWERED, TOO_FEW),
        ("monolith", OVERLAY, "images:\n", "replicas: [{name: shop, count: 0}]\nimages:\n", None),
        ("monolith", POD, "  revisionHistoryLimit", "  replicas: 0\n  revisionHistoryLimit", None),
        ("monolith", POD, r"cpu: \d+m", halved, TOO_FEW),
        ("monolith", POD, r"memory: \d+Mi", halved, TOO_SMALL),
        ("monolith", POD, r"cpu: \d+m", "cpu: 2", {"cpu-target"}),
        ("microservices", SERVICE, r"cpu: \d+m", halved, TOO_FEW),
        ("microservices", SERVICE, r"memory: \d+Mi", halved, TOO_SMALL),
        ("microservices", f"{BASE}/kustomization.yaml", "  - payments\n", "", {"missing"}),
        ("event-driven", KAFKA, "size: 100Gi", "size: 10Gi", {"volume"}),
        ("event-driven", KAFKA, re.escape(BROKERS.format(3)), BROKERS.format(2), {"brokers", "volume"}),
        ("event-driven", TOPICS, r"partitions: \d+", "partitions: 1", {"partitions"}),
        ("event-driven", SCALERS, r"maxReplicaCount: \d+", halved, TOO_FEW),
        ("event-driven", SCALERS, r"minReplicaCount: \d+", "minReplicaCount: 0", {"replicas-always"}),
        ("event-driven", WORKER, r"cpu: \d+m", "cpu: 50m", {"replicas-at-peak", "partitions"}),
    ],
)  # fmt: skip
def test_planted_faults_are_found(
    pattern: str,
    file: str,
    old: str,
    new: Change,
    found: set[str] | None,
    fresh: Fresh,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A deployment that cannot carry the peak ends with status 8, and names exactly what is too small."""
    project = copy_of(fresh(pattern), tmp_path / "faulty")
    edit(project / file, old, new)
    done = check(project / "deploy", "--json", capsys=capsys)
    assert done.status == 8
    shortfalls = done.json["deployments"][0]["shortfalls"]
    assert {row["id"] for row in shortfalls} == (found or {"replicas-at-peak", "replicas-always"})


def test_a_shortfall_says_what_is_needed_and_what_to_change(
    fresh: Fresh, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The text names the replicas that the peak needs, the maximum, and the field to raise."""
    project = copy_of(fresh("monolith"), tmp_path / "faulty")
    edit(project / SCALER, r"maxReplicas: \d+", "maxReplicas: 4")
    done = check(project / "deploy", capsys=capsys)
    assert done.status == 8
    said = re.search(
        r"Not met: the peak needs (\d+) replicas of shop of [\d,]+ millicores, the maximum is 4\. "
        r"Raise maxReplicas to (\d+)\.\n",
        done.out,
    )
    assert said
    assert int(said[2]) == math.ceil(1.5 * int(said[1]))


def test_other_needs_replace_those_of_the_project(fresh: Fresh, capsys: pytest.CaptureFixture[str]) -> None:
    """Flags change the recorded needs: twice the peak takes more replicas than the manifests allow."""
    done = check(fresh("monolith") / "deploy", "--peak-rps", "3000", "--json", capsys=capsys)
    assert done.status == 8
    assert [row["id"] for row in done.json["deployments"][0]["shortfalls"]] == ["replicas-at-peak"]


def test_more_requests_cost_more(fresh: Fresh, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Larger requests meet the needs; the price says what they cost more, and a budget can forbid it."""
    project = copy_of(fresh("monolith"), tmp_path / "dear")
    edit(project / POD, r"memory: \d+Mi", "memory: 8Gi")
    done = check(project / "deploy", "--json", capsys=capsys)
    price = done.json["deployments"][0]["price"]
    assert done.status == 0
    assert price["difference_usd"] > 100
    done = check(project / "deploy", "--budget-usd-month", "300", "--json", capsys=capsys)
    assert done.status == 8
    assert [row["id"] for row in done.json["deployments"][0]["shortfalls"]] == ["budget"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_rendered_stream_gives_the_same_result(fresh: Fresh, pattern: str) -> None:
    """What `kubectl kustomize` prints is compared as the overlay is, on standard input."""
    project = fresh(pattern)
    rendered = subprocess.run(
        [program("kubectl"), "kustomize", PRODUCTION], cwd=project, capture_output=True, check=True
    )
    piped = subprocess.run(
        [*COMMAND, "recommend", "--check", "-", "--json"],
        cwd=project,
        input=rendered.stdout,
        capture_output=True,
        check=True,
    )
    (streamed,) = json.loads(piped.stdout)["deployments"]
    (read,) = blueprint("recommend", "--check", PRODUCTION, "--json", cwd=project).json["deployments"]
    assert streamed.pop("path") == "standard input"
    del read["path"]
    assert streamed == read


@pytest.mark.parametrize("status", [0, 8])
def test_the_workflow_for_pull_requests_fails_on_a_need_that_is_not_met(
    status: int, fresh: Fresh, tmp_path: Path
) -> None:
    """The step of `blueprint workflow capacity` ends with the status of the check, and fills the summary."""
    project = copy_of(fresh("monolith"), tmp_path / "checked-out")
    if status:
        edit(project / SCALER, r"maxReplicas: \d+", halved)
    workflow = yaml.safe_load(blueprint("workflow", "capacity", cwd=tmp_path).out)
    assert workflow["permissions"] == {"contents": "read"}
    command = tmp_path / "blueprint"
    command.write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n')
    command.chmod(0o755)
    done = subprocess.run(
        ["bash", "-e", "-c", workflow["jobs"]["capacity"]["steps"][-1]["run"]],
        cwd=project,
        env={
            **os.environ,
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "MANIFESTS": workflow["env"]["MANIFESTS"],
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (status, "")
    summary = (tmp_path / "summary.md").read_text()
    assert summary.startswith("```\ndeploy/kubernetes/overlays/production (monolith)\n")
    assert ("Not met" in summary) is bool(status)


def test_options_state_the_needs_of_a_project_that_recorded_none(
    fresh: Fresh, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without recorded needs, one option is enough; without any, the error names the ways to give them."""
    project = copy_of(fresh("monolith"), tmp_path / "shop")
    (project / "docs/adr/needs.yaml").unlink()
    unknown = check(project / "deploy", capsys=capsys)
    assert unknown.status == 7
    assert "options such as --peak-rps" in unknown.err

    done = check(project / "deploy", "--peak-rps", "90000", "--mean-rps", "30", "--json", capsys=capsys)
    assert (done.status, done.json["needs"]) == (8, None)
