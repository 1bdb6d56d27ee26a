"""Observability of services: each is scraped by its name, and dashboards use exported metrics."""

import json

import pytest

from . import architecture
from .checks import metrics
from .conftest import Overlays
from .projects import Project, load
from .test_observability import SCRAPED


@pytest.fixture
def watched(distributed: list[Project]) -> list[Project]:
    """Projects with observability."""
    return [project for project in distributed if project.options["observability"]]


@pytest.mark.slow
def test_every_service_is_scraped_under_its_name(
    watched: list[Project], distributed_overlays: Overlays
) -> None:
    """Each service is scraped by a name that resolves to all copies, in Compose and Kubernetes."""
    for project in watched:
        hosts = set(architecture.processes(project))
        jobs = load(project.folder / "deploy/observability/prometheus.yaml")[0]["scrape_configs"]
        found = {job["job_name"]: job for job in jobs if job["job_name"] not in ("collector", "edge")}
        assert found.keys() == hosts <= project.compose["services"].keys()
        for name, job in found.items():
            labels = {each["target_label"]: each["replacement"] for each in job["relabel_configs"]}
            assert labels == {"job": "shop", "service": name}
            assert job["dns_sd_configs"][0]["names"] == [name]
    for (_, overlay), (project, built) in distributed_overlays.items():
        if overlay == "development" and project.options["observability"]:
            headless = {
                each["metadata"]["name"]
                for each in built
                if each["kind"] == "Service" and each["spec"].get("clusterIP") == "None"
            }
            assert architecture.processes(project).keys() <= headless


def test_every_used_metric_is_exported(watched: list[Project]) -> None:
    """Every metric on dashboards and in alerts is exported with the labels that are used."""
    for project in watched:
        folder = project.folder / "deploy/observability"
        sources = [project.folder / "libs/src", *project.folder.glob("services/*/src")]
        exported = {name: labels for each in sources for name, labels in metrics.exported(each).items()}
        assert metrics.used(folder) - exported.keys() == set()
        for name, labels in metrics.labels(folder).items():
            assert labels <= exported[name] | SCRAPED | {"le", "service"}, name


def test_both_dashboards_are_sound_and_shown(watched: list[Project]) -> None:
    """Grafana loads both dashboards, and their panels have unique IDs and positions."""
    for project in watched:
        volumes = project.compose["services"]["grafana"]["volumes"]
        for file in ("dashboard.json", "services.json"):
            assert any(volume.startswith(f"./observability/{file}:") for volume in volumes)
            board = json.loads(project.text(f"deploy/observability/{file}"))
            places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
            assert len(set(places)) == len({panel["id"] for panel in board["panels"]}) == len(places)
