"""Generated projects on disk for the deployment tests."""

import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.patterns import check_answers, find_pattern
from blueprint.render import render
from tests.generated.combinations import Combination, every_combination, label, pairwise
from tests.generated.projects import COMBINATIONS, PROJECT, tree_of, write
from tests.generated.spring import spring_combinations
from tests.servers.process import program, refuse_fast_tests

from .checks.manifests import Manifest

OVERLAYS = ("development", "production")
DISTRIBUTED = ("microservices", "event-driven")
"""Patterns with several services."""
EVENT_DRIVEN = pytest.mark.parametrize("distributed", ["event-driven"], indirect=True)
"""Mark for tests that need a pattern with a broker."""
SELECTION = pairwise(COMBINATIONS)
"""Combinations that cover every pair of choices, for shops in Python."""
SPRING = pairwise(spring_combinations())
"""The same for shops of the Spring stack."""
EXTRA = ["reviews", "gift_cards"]
"""Services that a team adds to a distributed shop."""


@dataclass(frozen=True)
class Project:
    """Generated project in its own folder."""

    options: Combination
    folder: Path
    pattern: str = "monolith"

    @property
    def label(self) -> str:
        """Short name of the options."""
        return label({name: value for name, value in self.options.items() if name != "extra_services"})

    @property
    def in_python(self) -> bool:
        """Whether the shop is written in Python."""
        return self.options.get("stack", "python") == "python"

    @cached_property
    def files(self) -> set[str]:
        """Return the paths of all files."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}

    @cached_property
    def compose(self) -> dict[str, Any]:
        """Return the parsed Compose file."""
        document: dict[str, Any] = load(self.folder / "deploy/compose.yaml")[0]
        return document

    @cached_property
    def trial(self) -> dict[str, Any]:
        """Return what `make up` adds to the Compose file."""
        document: dict[str, Any] = load(self.folder / "deploy/compose.trial.yaml")[0]
        return document

    def text(self, path: str) -> str:
        """Return the content of a file."""
        return (self.folder / path).read_text()

    def variables(self, path: str) -> dict[str, str]:
        """Return the `NAME=value` lines of a file."""
        lines = self.text(path).splitlines()
        return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def load(path: Path) -> list[Any]:
    """Return the YAML documents of a file."""
    return list(yaml.load_all(path.read_text(), yaml.CSafeLoader))


def make_projects(folder: Path) -> list[Project]:
    """Write each project of the selection to `folder`."""
    chosen = [routed(each, number) for number, each in enumerate((*SELECTION, *SPRING))]
    return [Project(each, write(tree_of(each), folder / label(each))) for each in chosen]


def make_distributed(folder: Path, pattern: str) -> list[Project]:
    """Write a selection of projects of a distributed pattern to `folder`, some with added services."""
    found = find_pattern(pattern)
    projects = []
    for number, options in enumerate(pairwise(every_combination(found))):
        chosen = routed(options, number) | {"extra_services": EXTRA if number % 2 == 0 else []}
        tree = render(found, check_answers(found, PROJECT, chosen)).tree
        projects.append(Project(chosen, write(tree, folder / label(options)), pattern))
    return projects


def make_spring_services(folder: Path) -> list[Project]:
    """Write a selection of projects with services in Java to `folder`, some with added services."""
    projects = []
    for pattern in DISTRIBUTED:
        for number, each in enumerate(pairwise(spring_combinations(pattern))):
            chosen = {**each, "extra_services": EXTRA if number % 2 == 0 else []}
            place = folder / pattern / label(each)
            projects.append(Project(chosen, write(tree_of(chosen, pattern=pattern), place), pattern))
    return projects


def routed(options: Combination, number: int) -> Combination:
    """Return the options with an Ingress instead of the Gateway API for every third project."""
    return {**options, "routing": "ingress"} if options["kubernetes"] and number % 3 == 2 else options


def build(project: Project, overlay: str) -> list[Manifest]:
    """Build an overlay with `kubectl kustomize`."""
    refuse_fast_tests("kubectl")
    source = project.folder / "deploy/kubernetes/overlays" / overlay
    command = [program("kubectl"), "kustomize", str(source)]
    # Go's collector would cost a third of this short process.
    environment = {**os.environ, "GOGC": "off"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return list(yaml.load_all(result.stdout, yaml.CSafeLoader))


__all__ = [
    "DISTRIBUTED",
    "EVENT_DRIVEN",
    "EXTRA",
    "OVERLAYS",
    "PROJECT",
    "SELECTION",
    "Project",
    "build",
    "load",
    "make_distributed",
    "make_projects",
    "make_spring_services",
]
