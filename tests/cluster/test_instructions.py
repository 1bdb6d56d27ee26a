"""What documents tell people to run or to apply, on a real control plane."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.generated.projects import PATTERNS

from .cluster import Cluster, until
from .nodes import Nodes
from .shops import Shop, shop

pytestmark = pytest.mark.long
GUIDE = Path(__file__).parent.parent.parent / "docs/how-to/deploy.md"
STAND_INS = "docker() { :; }\nkind() { :; }\n"
"""Nodes are made up, so no image is built or loaded."""


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_commands_for_development_work(
    cluster: Cluster, nodes: Nodes, tmp_path: Path, pattern: str
) -> None:
    """The commands of the README end with an available shop, and print no warning."""
    with shop(cluster, tmp_path / "shop", pattern, {}, "development") as made:
        text = (made.folder / "deploy/kubernetes/README.md").read_text()
        (commands,) = re.findall(r"## Development.*?```sh\n(.*?)```", text, re.DOTALL)
        done = subprocess.run(
            ["bash", "-ec", STAND_INS + commands],
            cwd=made.folder,
            env=cluster.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        until(made.settled)


def test_the_examples_for_argo_cd_and_flux_are_accepted(cluster: Cluster) -> None:
    """Their definitions know every field, and no field is missing."""
    for namespace in ("argocd", "flux-system"):
        cluster.kubectl("create", "namespace", namespace)
    examples = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    applied = [cluster.kubectl("apply", "--filename", "-", stdin=each).splitlines() for each in examples]
    assert applied == [
        ["application.argoproj.io/my-shop created"],
        [
            "gitrepository.source.toolkit.fluxcd.io/my-shop created",
            "kustomization.kustomize.toolkit.fluxcd.io/my-shop created",
        ],
    ]


@pytest.mark.parametrize("options", [(), ("--server-side",)], ids=["Argo CD", "Flux"])
def test_a_commit_of_a_new_tag_is_a_release(
    cluster: Cluster, nodes: Nodes, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """Applied as each tool does it: the migration of the tag runs, and then its pods replace the old ones."""
    with shop(cluster, tmp_path / "shop", "monolith", {}) as made:
        made.apply(*options)
        until(made.settled)
        nodes.migrations["1.1.0"] = "running"
        made.edit('newTag: "1.0.0"', 'newTag: "1.1.0"')
        made.apply(*options)
        until(lambda: len(made.pods()) > len(made.ready()))
        assert made.serving() == {"1.0.0"}
        del nodes.migrations["1.1.0"]
        until(made.settled)
        assert made.serving() == {"1.1.0"}
        until(lambda: made.migrations() == {"1.0.0": "Complete", "1.1.0": "Complete"})


def test_a_job_with_another_setting_can_be_replaced(services: Shop) -> None:
    """The same tag with another database is another Job, which Argo CD replaces, as `--force` does."""
    services.edit("host=database.example.com", "host=other.example.com")
    refused = services.cluster.run("apply", "--kustomize", str(services.kustomization.parent))
    assert "field is immutable" in refused.stderr
    services.apply("--force")
    until(services.settled)
    until(lambda: set(services.migrations().values()) == {"Complete"})
