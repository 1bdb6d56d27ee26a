"""The workflows of CI run pinned code with few rights, on every Python that the package names."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
RIGHTS = {
    "publish": {"id-token": "write"},
    "attest": {"id-token": "write", "attestations": "write"},
}
"""Rights of the jobs that may do more than read."""
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def jobs(path: Path) -> dict[str, Any]:
    """The jobs of a workflow by name."""
    found: dict[str, Any] = yaml.safe_load(path.read_text())["jobs"]
    return found


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit(path: Path) -> None:
    """A tag can be moved; the comment tells readers and Dependabot which version it is."""
    used = re.findall(r"uses: (.+)", path.read_text())
    assert used
    for action in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_jobs_have_no_rights_but_those_they_name(path: Path) -> None:
    """Only publishing and signing may write, with a short-lived token; none is stored."""
    text = path.read_text()
    assert yaml.safe_load(text)["permissions"] == {}
    assert "secrets." not in text
    for name, job in jobs(path).items():
        assert job["permissions"] == RIGHTS.get(name, {"contents": "read"})


def test_the_matrix_is_what_the_package_promises() -> None:
    """Every Python that a classifier names, on Linux and macOS."""
    matrix = jobs(ROOT / ".github/workflows/ci.yml")["check"]["strategy"]["matrix"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [c.rpartition(" ")[2] for c in project["classifiers"] if re.search(r":: 3\.\d+$", c)]
    assert matrix["python"] == named == ["3.11", "3.12", "3.13", "3.14"]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest"]
