"""Linters of workflows, images, edges and manifests find nothing in generated files but what is argued here.

`make test-linters` installs them, which takes minutes. checkov and yamllint run in test_tools.py, and
promtool in test_observability.py.
"""

import subprocess
from pathlib import Path

import pytest

from .projects import Project

pytestmark = pytest.mark.long
ROOT = Path(__file__).parent.parent.parent
PROGRAMS = ROOT / "build/linters/bin"
GIXY_EXCEPTIONS = {
    "host_spoofing": "The shop makes no address from it, and $host would lose the port that people use.",
}
KUBE_SCORE_EXCEPTIONS = {
    "container-image-pull-policy": "A tag is never pushed twice, so pods start without the registry.",
    "deployment-has-host-podantiaffinity": "Constraints spread pods over zones and nodes instead.",
    "networkpolicy-targets-pod": "Strimzi creates the pods of Kafka.",
}


def linter(program: str) -> Path:
    """Return the path of a linter; skip the test if it is not there."""
    path = PROGRAMS / program
    if not path.exists():
        pytest.skip(f"there is no {program}: install Go 1.26, and run make test-linters")
    return path


def lint(program: str, *arguments: str | Path) -> tuple[int, str]:
    """Run a linter; return its exit code and what it says."""
    done = subprocess.run([linter(program), *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def everyone(
    projects: list[Project], distributed: list[Project], spring_services: list[Project]
) -> list[Project]:
    """The projects of all patterns, in Python and in Java."""
    return projects + distributed + spring_services


def test_zizmor_finds_nothing(everyone: list[Project]) -> None:
    """No workflow leaks a credential or runs what others write, in generated projects and in this one."""
    folders = [ROOT / ".github", *(each.folder / ".github" for each in everyone)]
    status, said = lint("zizmor", "--offline", "--quiet", *folders)
    assert status == 0, said


def test_actionlint_finds_nothing(everyone: list[Project]) -> None:
    """Workflows are well-formed, and their expressions have the right types."""
    files = [path for each in everyone for path in sorted(each.folder.glob(".github/workflows/*"))]
    assert lint("actionlint", "-no-color", *sorted(ROOT.glob(".github/workflows/*")), *files) == (0, "")


def test_hadolint_finds_nothing(everyone: list[Project]) -> None:
    """Images are built as is recommended."""
    assert lint("hadolint", *(each.folder / "Dockerfile" for each in everyone)) == (0, "")


def test_gixy_finds_nothing_else(everyone: list[Project]) -> None:
    """NGINX neither splits responses nor passes on what a client may choose."""
    files = [each.folder / "deploy/nginx/nginx.conf" for each in everyone]
    for file in filter(Path.exists, files):
        status, said = lint("gixy", "--skips", ",".join(GIXY_EXCEPTIONS), file)
        assert status == 0, said


def test_kube_score_finds_nothing_else(built: list[Path], distributed_built: list[Path]) -> None:
    """Workloads in production are as reliable and as isolated as is recommended.

    In development, each server is there once, keeps nothing for long, and runs as the user of its image.
    """
    ignored = [f"--ignore-test={name}" for name in KUBE_SCORE_EXCEPTIONS]
    for file in (each for each in built + distributed_built if each.stem.endswith("production")):
        status, said = lint("kube-score", "score", "--output-format=ci", *ignored, file)
        found = [line for line in said.splitlines() if not line.startswith(("[OK]", "[SKIPPED]"))]
        assert (status, found) == (0, []), file.name
