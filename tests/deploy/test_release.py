"""`make release` and `make rollback`: tags, migrations and rollout, with a stand-in for the cluster."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.process import program

from . import architecture
from .projects import PROJECT, Project

pytestmark = pytest.mark.slow
STANDIN = Path(__file__).parent / "kubectl_standin.py"


class Cluster:
    """A copy of a project, released to a stand-in for a cluster."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project = folder / "project"
        shutil.copytree(project.folder, self.project)
        self.kustomization = self.project / "deploy/kubernetes/overlays/production/kustomization.yaml"
        self._folder = folder
        (folder / "bin").mkdir()
        kubectl = folder / "bin/kubectl"
        kubectl.write_text(f'#!/bin/sh\nexec {sys.executable} {STANDIN} "$@"\n')
        kubectl.chmod(0o755)

    def make(self, *arguments: str, failing: str = " ", **more: str) -> subprocess.CompletedProcess[str]:
        """Run make, with more variables for the stand-in."""
        environment = {
            **os.environ,
            "PATH": f"{self._folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "KUBECTL": program("kubectl"),
            "STANDIN": str(self._folder),
            "FAILING": failing,
            **more,
        }
        command = ["make", "--silent", f"PYTHON={sys.executable}", *arguments]
        return subprocess.run(
            command, cwd=self.project, env=environment, capture_output=True, text=True, check=False
        )

    def tags(self) -> set[str]:
        """Return the tags in the overlay."""
        return set(re.findall(r'newTag: "(.*)"', self.kustomization.read_text()))

    def calls(self) -> list[str]:
        """Return the calls of kubectl so far that are not only looks."""
        lines = (self._folder / "calls").read_text().splitlines()
        return [line.removeprefix(f"{PROJECT}: ") for line in lines if ": get " not in line]


@pytest.fixture
def cluster(projects: list[Project], tmp_path: Path) -> Cluster:
    """A monolith and its cluster."""
    return Cluster(next(each for each in projects if each.options["kubernetes"]), tmp_path)


def test_a_release_is_one_command(cluster: Cluster) -> None:
    """It sets the tag, applies once, and ends when the migration of this tag and the rollout are done."""
    done = cluster.make("release", "TAG=1.1.0")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"Waiting for {PROJECT}-migrate-1.1.0",
        f"deployment/{PROJECT} successfully rolled out",
    ]
    assert cluster.tags() == {"1.1.0"}
    (apply, rollout) = cluster.calls()
    assert apply.startswith("apply -k ")
    assert rollout == f"rollout status deployment/{PROJECT}"


def test_releases_follow_each_other_at_once(cluster: Cluster) -> None:
    """The next release, a rollback and a changed setting replace no running migration."""
    assert cluster.make("release", "TAG=1.1.0").returncode == 0
    assert cluster.make("release", "TAG=1.2.0").returncode == 0
    assert cluster.make("rollback", "TAG=1.1.0").returncode == 0
    assert cluster.tags() == {"1.1.0"}
    cluster.kustomization.write_text(cluster.kustomization.read_text().replace("=INFO", "=DEBUG"))
    assert cluster.make("release", "TAG=1.1.0").returncode == 0
    deleted = [line for line in cluster.calls() if line.startswith("delete")]
    names = [f"{PROJECT}-migrate-{tag}" for tag in ("1.1.0", "1.2.0", "1.1.0")]
    assert deleted == [f"delete jobs {name}" for name in names]


def test_a_failed_migration_ends_the_release(cluster: Cluster) -> None:
    """The command shows the log and fails; nothing waits for a rollout that cannot come."""
    done = cluster.make("release", "TAG=1.1.0", failing="1.1.0")
    assert done.returncode != 0
    assert f"the log of job/{PROJECT}-migrate-1.1.0\n{PROJECT}-migrate-1.1.0 failed" in done.stderr
    assert not any("rollout" in line for line in cluster.calls())
    assert cluster.make("release", "TAG=1.1.1", failing="1.1.0").returncode == 0


def test_a_migration_that_fails_without_a_log_is_named(cluster: Cluster) -> None:
    """Kubernetes deletes the pod of a migration that takes too long, and with it the log."""
    done = cluster.make("release", "TAG=1.1.0", failing="1.1.0", NO_LOGS="1")
    assert done.returncode != 0
    assert done.stderr.startswith(f"{PROJECT}-migrate-1.1.0 failed, so the old release still serves.")


@pytest.mark.parametrize("tag", ["", "latest_1", "V1", "-1", "1" * 40])
def test_a_tag_that_cannot_name_a_job_is_refused(cluster: Cluster, tag: str) -> None:
    """The message says what to write, and nothing is changed."""
    done = cluster.make("release", f"TAG={tag}")
    assert done.returncode != 0
    assert "Say which tag, in lower case: make release TAG=1.1.0" in done.stderr
    assert cluster.tags() == {"1.0.0"}


def test_one_service_is_released_alone(distributed: list[Project], tmp_path: Path) -> None:
    """Only its image gets the tag; an unknown name is refused with the known ones."""
    project = next(each for each in distributed if each.options["kubernetes"])
    cluster = Cluster(project, tmp_path)
    done = cluster.make("release", "TAG=1.1.0", f"IMAGES={PROJECT}-catalog")
    assert (done.returncode, done.stderr) == (0, "")
    text = cluster.kustomization.read_text()
    assert text.count('newTag: "1.1.0"') == 1
    assert text.count('newTag: "1.0.0"') == len(architecture.services(project)) - 1
    assert "catalog-migrate-1.1.0" in done.stdout
    refused = cluster.make("release", "TAG=1.2.0", "IMAGES=nothing")
    assert f"No image nothing in {cluster.kustomization}" in refused.stderr
    assert f"{PROJECT}-catalog" in refused.stderr
