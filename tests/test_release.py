"""What a release needs: one version, licenses that say what is whose, and a readable changelog."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from blueprint import __version__
from blueprint.patterns import check_answers, load_pattern
from blueprint.patterns.loading import pattern_names, templates_root
from blueprint.render import render

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_there_is_one_version() -> None:
    """The package says the same as its metadata."""
    assert PROJECT["version"] == __version__


def test_the_licenses_are_those_of_the_metadata() -> None:
    """MIT for blueprint, 0BSD for what it generates."""
    assert PROJECT["license"] == "MIT AND 0BSD"
    first_lines = [(ROOT / path).read_text().splitlines()[0] for path in PROJECT["license-files"]]
    assert first_lines == ["MIT License", "BSD Zero Clause License"]


@pytest.mark.parametrize("name", pattern_names())
def test_a_generated_project_belongs_to_its_user(name: str) -> None:
    """Its README says so; which license the product has is for its owner to choose."""
    pattern = load_pattern(templates_root() / name, templates_root())
    tree = render(pattern, check_answers(pattern, "shop", {})).tree
    assert "[0BSD](https://spdx.org/licenses/0BSD.html)" in tree["README.md"].content.decode()
    assert [path for path in tree if path.startswith("LICENSE")] == []


def test_the_changelog_can_be_built() -> None:
    """Every fragment is of a known type."""
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "1.0.0"]
    draft = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "## 1.0.0" in draft
    fragments = [path for path in (ROOT / "changelog.d").iterdir() if not path.name.startswith(".")]
    for fragment in fragments:
        assert fragment.read_text().strip().replace("\n", "\n  ") in draft, fragment.name
