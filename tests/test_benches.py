"""Benchmarks start: they are run by hand, and rarely."""

import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from tests.generated.projects import tree_of

BENCH = Path(__file__).parents[1] / "bench"
MODULES = {path.parent.name for path in BENCH.glob("*/__main__.py")}
MODULES |= {path.stem for path in BENCH.glob("*.py") if "__main__" in path.read_text()}
OF_THE_SHOP = """
import json, sys, types
before = set(sys.modules)
sys.modules["asyncpg"] = types.ModuleType("asyncpg")  # the shop has it, and blueprint does not
import bench.shop.__main__
print(json.dumps([*(set(sys.modules) - before)]))
"""


@pytest.mark.parametrize("module", sorted(MODULES - {"shop"}))
def test_a_benchmark_explains_itself(module: str) -> None:
    """Each benchmark can be imported, and has a help text."""
    command = [sys.executable, "-m", f"bench.{module}", "--help"]
    done = subprocess.run(command, cwd=BENCH.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage:" in done.stdout


def test_the_benchmark_of_the_shop_needs_no_other_packages() -> None:
    """`make bench-shop` runs in an environment that has the packages of the shop and of blueprint only."""
    command = [sys.executable, "-c", OF_THE_SHOP]
    done = subprocess.run(command, cwd=BENCH.parent, capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in json.loads(done.stdout)}
    owners = packages_distributions()
    used = {canonicalize_name(owner) for name in imported for owner in owners.get(name, ())}
    locked = tree_of({})["requirements/dev.txt"].content.decode()
    shop = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", locked, re.MULTILINE)}
    assert used <= {*shop, "blueprint-shop", *_requirements("blueprint-shop", set())}


def _requirements(distribution: str, seen: set[NormalizedName]) -> set[NormalizedName]:
    """Return the names of all distributions that this one needs, directly or not."""
    for requirement in map(Requirement, requires(distribution) or ()):
        name = canonicalize_name(requirement.name)
        if name not in seen and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            seen.add(name)
            _requirements(name, seen)
    return seen
