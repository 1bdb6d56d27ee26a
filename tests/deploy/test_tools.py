"""Linters and scanners of the deployment: yamllint and checkov."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.servers.process import program

from .projects import Project

pytestmark = pytest.mark.thorough

YAMLLINT = """
extends: default
rules:
  braces: {max-spaces-inside: 1}
  document-start: disable
  line-length: {max: 140}
  truthy: {check-keys: false}
"""


def test_yaml_is_clean(projects: list[Project], distributed: list[Project]) -> None:
    """yamllint finds no problem in the files that people edit."""
    folders = [str(project.folder / "deploy") for project in projects + distributed]
    command = [program("yamllint"), "--strict", "--format", "parsable", "--config-data", YAMLLINT, *folders]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


def checkov(*arguments: str) -> tuple[int, list[str]]:
    """Run checkov offline; return how many checks passed and which failed."""
    command = [
        os.environ.get("CHECKOV") or program("checkov"),
        "--skip-download",
        "--quiet",
        "--output",
        "json",
    ]
    result = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    report = json.loads(result.stdout)
    failed = [
        f"{each['check_id']} {each['check_name']}: {each['resource']}"
        for each in report["results"]["failed_checks"]
    ]
    return report["summary"]["passed"], failed


def test_manifests_pass_checkov(
    projects: list[Project], built: list[Path], distributed_built: list[Path]
) -> None:
    """All checkov checks pass for every overlay, except those that the project suppresses."""
    project = next(each for each in projects if each.options["kubernetes"])
    config = project.folder / "deploy/kubernetes/.checkov.yaml"
    paths = built + distributed_built
    passed, failed = checkov("--config-file", str(config), "--file", *map(str, paths))
    assert failed == []
    assert passed > 100 * len(paths)


def test_image_passes_checkov(projects: list[Project], distributed: list[Project]) -> None:
    """All checkov checks of the Dockerfile pass without suppressions."""
    for project in (projects[0], distributed[0]):
        passed, failed = checkov("--framework", "dockerfile", "--file", str(project.folder / "Dockerfile"))
        assert failed == []
        assert passed > 10


def test_every_suppression_has_its_reason(projects: list[Project], distributed: list[Project]) -> None:
    """Each suppressed check has a comment or an annotation with its reason."""
    project = next(each for each in projects if each.options["kubernetes"])
    lines = project.text("deploy/kubernetes/.checkov.yaml").splitlines()
    suppressed = [number for number, line in enumerate(lines) if re.match(r"\s+- CKV", line)]
    assert suppressed
    assert all(lines[number - 1].lstrip().startswith("#") for number in suppressed)
    for each in projects + distributed:
        for path in (each.folder / "deploy").rglob("*.yaml"):
            for reason in re.findall(r"checkov\.io/skip\d+: \w+=(.*)", path.read_text()):
                assert len(reason.split()) > 4
