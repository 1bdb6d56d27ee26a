"""The Gateway and the routes of generated shops on a real control plane, with their published definitions."""

from pathlib import Path

import pytest
import yaml

from tests.generated.projects import PATTERNS

from .cluster import Cluster
from .shops import Shop, shop

pytestmark = pytest.mark.long


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("overlay", ["development", "production"])
def test_gateway_and_routes_are_accepted(
    cluster: Cluster, tmp_path: Path, pattern: str, overlay: str
) -> None:
    """Their validation rules accept both, without a warning or an unknown field."""
    with shop(cluster, tmp_path / "shop", pattern, {}, overlay) as made:
        gateway = str(made.folder / f"deploy/kubernetes/gateway/{overlay}.yaml")
        assert cluster.kubectl("apply", "--filename", gateway)
        made.apply("--server-side")
        assert made.get("httproutes")


def test_a_field_of_the_experimental_channel_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    """Retries, for example, are not in the definitions that all implementations share."""
    with shop(cluster, tmp_path / "shop", "monolith", {}) as made:
        (route,) = yaml.safe_load_all(routes(made).read_text())
        route["spec"]["rules"][0]["retry"] = {"attempts": 2}
        refused = cluster.run("create", "--dry-run=server", "--filename", "-", stdin=yaml.safe_dump(route))
        assert refused.returncode != 0
        assert "unknown field" in refused.stderr


def routes(made: Shop) -> Path:
    """Return the file with the routes of a shop."""
    return made.folder / "deploy/kubernetes/base/routes.yaml"
