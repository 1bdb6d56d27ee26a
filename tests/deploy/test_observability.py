"""Dashboard, alerts, scrape targets and traces match the metrics that the code exports."""

import json
import subprocess

import pytest

from tests.servers.process import program

from .checks import metrics
from .projects import Project, load

SCRAPED = {"job", "instance"}
"""Labels that Prometheus adds."""


@pytest.fixture
def watched(projects: list[Project]) -> list[Project]:
    """Projects with observability."""
    return [project for project in projects if project.options["observability"]]


@pytest.fixture
def in_python(watched: list[Project]) -> list[Project]:
    """Those in Python; tests/generated/test_spring_at_work.py compares the metrics of a shop in Java."""
    return [project for project in watched if project.in_python]


def test_every_used_metric_is_exported(in_python: list[Project]) -> None:
    """Every metric on dashboards and in alerts is exported with the labels that are used."""
    for project in in_python:
        exported = metrics.exported(project.folder / "src")
        folder = project.folder / "deploy/observability"
        assert metrics.used(folder) - exported.keys() == set()
        for name, labels in metrics.labels(folder).items():
            assert labels <= exported[name] | SCRAPED | {"le"}, name


@pytest.mark.slow
def test_every_used_route_exists(in_python: list[Project]) -> None:
    """Every route in an expression is served: a selector with another one would have no effect."""
    for project in in_python:
        used = metrics.routes_used(project.folder / "deploy/observability")
        assert used
        assert used <= metrics.routes(project.folder / "src")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("rules", "alerts.yaml"), ("config", "--syntax-only", "prometheus.yaml")]
)
def test_prometheus_accepts_its_files(watched: list[Project], command: tuple[str, ...]) -> None:
    """Prometheus' own check accepts rules and configuration."""
    *check, file = command
    for project in watched:
        path = str(project.folder / "deploy/observability" / file)
        done = subprocess.run([program("promtool"), "check", *check, path], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_exported_metric_is_shown(in_python: list[Project]) -> None:
    """Every exported metric is used by a dashboard or an alert."""
    for project in in_python:
        exported = metrics.exported(project.folder / "src")
        shown = metrics.used(project.folder / "deploy/observability")
        unseen = {name for name in exported if not name.endswith(("_sum", "_bucket"))} - shown
        assert unseen == set()


def test_every_expression_names_a_metric(watched: list[Project]) -> None:
    """A metric name is found in every expression except `up`, so that every expression is checked."""
    for expression in metrics.expressions(watched[0].folder / "deploy/observability"):
        assert metrics.NAME.search(expression) or expression == "up == 0"


def test_dashboard_is_sound(watched: list[Project]) -> None:
    """Panels have unique IDs, do not overlap, and use the provisioned data source."""
    for project in watched:
        folder = project.folder / "deploy/observability"
        panels = json.loads((folder / "dashboard.json").read_text())["panels"]
        sources = {each["uid"] for each in load(folder / "datasources.yaml")[0]["datasources"]}
        assert len({panel["id"] for panel in panels}) == len(panels)
        cells = [
            (panel["gridPos"]["x"] + column, panel["gridPos"]["y"] + row)
            for panel in panels
            for column in range(panel["gridPos"]["w"])
            for row in range(panel["gridPos"]["h"])
        ]
        assert len(set(cells)) == len(cells)
        assert {panel["datasource"]["uid"] for panel in panels} <= sources


def test_every_host_is_a_service(watched: list[Project]) -> None:
    """Scrape targets, trace store, data sources and collector are services of the Compose file."""
    for project in watched:
        folder, services = project.folder / "deploy/observability", project.compose["services"]
        jobs = load(folder / "prometheus.yaml")[0]["scrape_configs"]
        named = {name for job in jobs for each in job.get("dns_sd_configs", []) for name in each["names"]}
        named |= {
            target.split(":")[0]
            for job in jobs
            for each in job.get("static_configs", [])
            for target in each["targets"]
        }
        collector = load(folder / "collector.yaml")[0]
        named.add(collector["exporters"]["otlp"]["endpoint"].split(":")[0])
        urls = [each["url"] for each in load(folder / "datasources.yaml")[0]["datasources"]]
        urls.append(services["app"]["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"])
        named |= {url.split("/")[2].split(":")[0] for url in urls}
        assert named <= services.keys()
        assert ("edge" in named) == (project.options["load_balancer"] == "haproxy")


def test_collector_pipelines_are_complete(watched: list[Project]) -> None:
    """Each pipeline uses configured components, and every configured component is used."""
    for project in watched:
        collector = load(project.folder / "deploy/observability/collector.yaml")[0]
        for kind in ("receivers", "processors", "exporters"):
            used = {
                name for pipeline in collector["service"]["pipelines"].values() for name in pipeline[kind]
            }
            assert used == collector[kind].keys()
        assert set(collector["service"]["extensions"]) == collector["extensions"].keys()
