"""Projects with Kubernetes manifests, made from needs by the real command."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Outcome, blueprint, in_process

PATTERNS = ("monolith", "microservices", "event-driven")
NEEDS = """\
traffic: {mean_rps: 200, peak_rps: 1500, events_per_s: 40}
data: {read_fraction: 0.92, payload_kb: 3, data_gb: 200, growth_gb_month: 15}
team: {engineers: 18, teams: 3, stage: growth}
quality: {availability: 99.95}
surroundings: {scale_skew: 8, host: kubernetes}
"""
PRODUCTION = "deploy/kubernetes/overlays/production"
DEVELOPMENT = "deploy/kubernetes/overlays/development"


def new_project(folder: Path, pattern: str, *options: str, needs: str = NEEDS) -> Path:
    """Create a project from some needs, and return its folder."""
    folder.mkdir(exist_ok=True)
    (folder / "needs.yaml").write_text(needs)
    made = blueprint(
        "new", "shop", "--needs", "needs.yaml", "--pattern", pattern, "--no-git", *options, cwd=folder
    )
    assert made.status == 0, made.err
    return folder / "shop"


def copy_of(project: Path, folder: Path) -> Path:
    """Copy what `recommend --check` reads of a project."""
    for part in (".blueprint", "deploy", "docs/adr"):
        shutil.copytree(project / part, folder / part)
    return folder


Change = str | Callable[[re.Match[str]], str]


def edit(path: Path, old: str, new: Change) -> None:
    """Replace each match of a regular expression that occurs in a file."""
    text, found = re.subn(old, new, path.read_text())
    assert found, f"{path} has no {old!r}"
    path.write_text(text)


def halved(match: re.Match[str]) -> str:
    """Return the text of a match with half of its number, rounded down."""
    return re.sub(r"\d+", lambda number: str(int(number[0]) // 2), match[0])


def check(place: Path | str, *options: str, capsys: pytest.CaptureFixture[str]) -> Outcome:
    """Compare manifests with the needs."""
    return in_process("recommend", "--check", str(place), *options, capsys=capsys)
