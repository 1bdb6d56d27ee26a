"""Every overlay works on a real control plane."""

from collections import Counter
from collections.abc import Iterator

import pytest

from blueprint.patterns import Value, find_pattern
from tests.deploy.projects import OVERLAYS
from tests.generated.combinations import every_combination, label, some
from tests.generated.projects import PATTERNS

from .cluster import Cluster, until
from .nodes import ZONES, Nodes
from .shops import Shop, shop

pytestmark = pytest.mark.long


def selection() -> Iterator[object]:
    """Yield overlays that cover each choice and each stack; in the thorough profile, each pair of choices."""
    for pattern in PATTERNS:
        deployable = [each for each in every_combination(find_pattern(pattern)) if each["kubernetes"]]
        for answers in some(deployable):
            for overlay in OVERLAYS:
                chosen = (pattern, answers, overlay)
                yield pytest.param(chosen, id=f"{pattern}-{label(answers)}-{overlay}")
        # The stacks differ in how programs are started, and in how long that takes.
        yield pytest.param((pattern, {"stack": "spring"}, "production"), id=f"{pattern}-java-production")


@pytest.fixture(scope="module", params=selection())
def overlay(
    request: pytest.FixtureRequest,
    cluster: Cluster,
    all_nodes: Nodes,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shop]:
    """An overlay; its tests use it in turn."""
    parameters: tuple[str, dict[str, Value], str] = request.param
    pattern, answers, name = parameters
    with shop(cluster, tmp_path_factory.mktemp("shop"), pattern, answers, name) as made:
        yield made


def test_it_is_accepted_without_a_warning(overlay: Shop) -> None:
    """A dry run at the server and the real thing: no unknown field, no deprecated API, no insecure pod."""
    # A dry run creates no namespace for the other objects.
    namespace = overlay.kustomization.with_name("namespace.yaml")
    overlay.cluster.kubectl("apply", "--filename", str(namespace))
    overlay.apply("--dry-run=server")
    assert overlay.apply()


def test_it_becomes_available_and_its_jobs_end(overlay: Shop) -> None:
    """All Deployments and StatefulSets are available with the autoscalers' pods, and all Jobs are done."""
    until(overlay.settled)
    until(lambda: all(each["status"].get("availableReplicas") == 1 for each in overlay.get("statefulsets")))
    until(lambda: all(each["status"].get("succeeded") == 1 for each in overlay.get("jobs")))
    assert overlay.get("deployments")
    assert overlay.get("jobs")


def test_pods_are_spread_over_zones(overlay: Shop) -> None:
    """The pods of each process are in as many zones as there are pods, or in all."""
    for deployment in overlay.get("deployments"):
        labels = deployment["spec"]["selector"]["matchLabels"]
        pods = overlay.get("pods", ",".join(f"{key}={value}" for key, value in labels.items()))
        zones = Counter(ZONES[pod["spec"]["nodeName"]] for pod in pods)
        assert len(zones) == min(len(pods), len(set(ZONES.values()))), deployment["metadata"]["name"]
