"""What development installs is pinned: every dependency, one version in its range, with hashes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PINNED = sorted((ROOT / "requirements").glob("*.txt"))


def pins(path: Path) -> list[tuple[Requirement, list[str]]]:
    """Each requirement of a pinned file and its hashes."""
    blocks = re.split(r"(?m)^(?=\S)", path.read_text())
    found = []
    for block in filter(None, blocks):
        requirement, *hashes = re.split(r"\s+\\\n\s+", block.strip())
        found.append((Requirement(requirement), hashes))
    return found


def test_every_dependency_is_pinned_in_its_range() -> None:
    """`make pins` was run after the last change of a range."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    ranges = [
        Requirement(text)
        for text in (
            *pyproject["build-system"]["requires"],
            *pyproject["project"]["dependencies"],
            *pyproject["project"]["optional-dependencies"]["dev"],
        )
    ]
    versions = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin, _ in pins(ROOT / "requirements/dev.txt")
    }
    unpinned = [
        str(each)
        for each in ranges
        if (version := versions.get(canonicalize_name(each.name))) is None
        or not each.specifier.contains(version, prereleases=True)
    ]
    assert unpinned == []


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.stem)
def test_every_pin_is_one_version_with_hashes(path: Path) -> None:
    """pip refuses the file otherwise, and an address would work on one machine only."""
    assert "://" not in path.read_text()
    assert pins(path)
    for requirement, hashes in pins(path):
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes), requirement
