"""The component for the Prometheus operator on a real control plane."""

from pathlib import Path

import pytest

from tests.generated.projects import PATTERNS

from .cluster import Cluster, Object
from .shops import Shop, shop

pytestmark = pytest.mark.long


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_monitor_is_accepted_and_finds_every_process(
    cluster: Cluster, tmp_path: Path, pattern: str
) -> None:
    """The operator's definition knows every field, and the pods have the labels and the port."""
    with shop(cluster, tmp_path / "shop", pattern, {}) as made:
        with made.kustomization.open("a") as file:
            file.write("components: [../../components/monitor]\n")
        made.apply("--server-side")
        monitors = {each["metadata"]["name"]: each["spec"] for each in made.get("podmonitors")}
        assert set(monitors) == {made.namespace, *(["kafka"] if pattern == "event-driven" else [])}
        monitor = monitors[made.namespace]
        (selected,) = monitor["selector"]["matchExpressions"]
        (endpoint,) = monitor["podMetricsEndpoints"]
        for name, template in _templates(made).items():
            assert template["metadata"]["labels"][selected["key"]] in selected["values"], name
            ports = [port["name"] for each in template["spec"]["containers"] for port in each["ports"]]
            assert endpoint["port"] in ports, name


def _templates(made: Shop) -> dict[str, Object]:
    return {each["metadata"]["name"]: each["spec"]["template"] for each in made.get("deployments")}
