"""Generated shops, each in a namespace of a cluster."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import yaml

from blueprint.patterns import Value, check_answers, find_pattern
from blueprint.render import render
from tests.generated.projects import write

from .cluster import Cluster, Object

NUMBERS = count(1)


@dataclass(frozen=True)
class Shop:
    """A generated project, and the namespace of one of its overlays."""

    cluster: Cluster
    folder: Path
    overlay: str

    @property
    def kustomization(self) -> Path:
        """Return the file that people edit for a release."""
        return self.folder / "deploy/kubernetes/overlays" / self.overlay / "kustomization.yaml"

    @property
    def namespace(self) -> str:
        """Return the namespace of the overlay."""
        name: str = yaml.safe_load(self.kustomization.read_text())["namespace"]
        return name

    def edit(self, old: str, new: str) -> None:
        """Replace a text of the kustomization."""
        text = self.kustomization.read_text()
        assert old in text
        self.kustomization.write_text(text.replace(old, new))

    def apply(self, *options: str) -> list[str]:
        """Apply the overlay without a warning; return what was created or changed."""
        folder = str(self.kustomization.parent)
        lines = self.cluster.kubectl("apply", *options, "--kustomize", folder).splitlines()
        # kubectl always replaces the selector of a budget, with the same.
        same = (" unchanged", "poddisruptionbudget.policy/")
        return [line for line in lines if not line.endswith(same[0]) and not line.startswith(same[1])]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start make in the project."""
        return subprocess.Popen(
            ["make", "--silent", f"PYTHON={sys.executable}", *arguments],
            cwd=self.folder,
            env=self.cluster.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def make(self, *arguments: str) -> tuple[int, str]:
        """Run make in the project; return its exit code and what it says about errors."""
        process = self.start(*arguments)
        _, errors = process.communicate()
        return process.returncode, errors

    def get(self, kind: str, labels: str = "") -> list[Object]:
        """Return the objects of a kind."""
        return self.cluster.get(kind, self.namespace, labels)

    def pods(self) -> list[Object]:
        """Return the pods that serve requests, and those that will."""
        return self.get("pods", "app.kubernetes.io/component=api")

    def names(self) -> set[str]:
        """Return the names of these pods."""
        return {pod["metadata"]["name"] for pod in self.pods()}

    def ready(self) -> list[Object]:
        """Return those of these pods that are ready."""
        return [
            pod
            for pod in self.pods()
            if any(
                each["type"] == "Ready" and each["status"] == "True"
                for each in pod["status"].get("conditions", [])
            )
        ]

    def serving(self) -> set[str]:
        """Return the tags of the pods that are ready."""
        return {pod["spec"]["containers"][0]["image"].rpartition(":")[2] for pod in self.ready()}

    def settled(self) -> bool:
        """Whether the pods of each Deployment are new, available, and as many as its autoscaler wants."""
        least = {
            each["spec"]["scaleTargetRef"]["name"]: each["spec"]["minReplicas"]
            for each in self.get("horizontalpodautoscalers")
        }
        for deployment in self.get("deployments"):
            status, wanted = deployment["status"], deployment["spec"]["replicas"]
            if wanted < least.get(deployment["metadata"]["name"], 1):
                return False
            counts = [status.get(f"{kind}Replicas", 0) for kind in ("available", "updated")]
            # `replicas` also counts pods of the release before.
            if [*counts, status.get("replicas", 0)] != [wanted] * 3:
                return False
        return True

    def migrations(self) -> dict[str, str]:
        """Return how each migration ended, by its tag; in distributed shops, by its name."""
        return {
            job["metadata"]["name"].removeprefix(f"{self.namespace}-migrate-"): "".join(
                each["type"]
                for each in job["status"].get("conditions", [])
                if each["type"] in ("Complete", "Failed")
            )
            for job in self.get("jobs")
        }


@contextmanager
def shop(
    cluster: Cluster, folder: Path, pattern: str, answers: Mapping[str, Value], overlay: str = "production"
) -> Iterator[Shop]:
    """Generate a shop; delete its namespace afterwards."""
    found = find_pattern(pattern)
    # Each shop has its own name, and so its own namespace.
    checked = check_answers(found, f"shop-{next(NUMBERS)}", answers)
    made = Shop(cluster, write(render(found, checked).tree, folder), overlay)
    try:
        yield made
    finally:
        cluster.kubectl("delete", "namespace", made.namespace, "--ignore-not-found", "--wait=false")
