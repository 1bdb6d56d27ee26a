"""Make builds a project in Java again where a jar may be older than its sources."""

import os
from pathlib import Path

import pytest

from .projects import tree_of, write
from .running import end_of, run

pytestmark = pytest.mark.slow

DISTRIBUTED = ("microservices", "event-driven")
PATTERNS = ("monolith", *DISTRIBUTED)
JAR = "dev/target/dev.jar"
BUILT = "dev/target/built"
HOUR = 3600.0
NOW = 400_000 * HOUR
"""When the project was built, long ago: whatever a test changes is newer."""


def built_project(pattern: str, folder: Path) -> Path:
    """Return a shop that was built an hour after its files were written."""
    shop = write(tree_of({"stack": "spring"}, pattern=pattern), folder / "shop")
    for path in shop.rglob("*"):
        date(path, NOW - HOUR)
    for name in (JAR, BUILT) if pattern in DISTRIBUTED else ("target/shop.jar",):
        file = shop / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        date(file, NOW)
    return shop


def date(path: Path, time: float) -> None:
    """Set when a file was changed."""
    os.utime(path, (time, time))


def commands(project: Path, target: str) -> str:
    """Return what make would run for a target, with an environment of the clients."""
    done = run(["make", "--dry-run", target, "VENV=venv"], project)
    assert done.returncode == 0, end_of(done)
    return done.stdout


def builds(project: Path) -> bool:
    """Whether the acceptance tests would begin with a build."""
    return " package " in commands(project, "acceptance")


def source(project: Path) -> Path:
    """Return a file that is in a jar."""
    return next(project.rglob("src/main/java/**/OrderController.java"))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_has_changed_is_built(pattern: str, tmp_path: Path) -> None:
    """A changed file and a deleted one, whose class would stay in the jar; nothing else is built twice."""
    project = built_project(pattern, tmp_path)
    assert not builds(project)
    date(source(project), NOW + HOUR)
    assert builds(project)
    date(source(project), NOW - HOUR)
    assert not builds(project)
    source(project).unlink()
    assert builds(project)


@pytest.mark.parametrize("pattern", DISTRIBUTED)
def test_a_build_of_some_modules_is_not_taken_for_a_complete_one(pattern: str, tmp_path: Path) -> None:
    """`dev.jar` can be new while the jar of a service is old."""
    project = built_project(pattern, tmp_path)
    date(source(project), NOW + HOUR)
    date(project / JAR, NOW + 2 * HOUR)
    assert builds(project)


@pytest.mark.parametrize("pattern", DISTRIBUTED)
def test_tests_and_checks_build_all_modules(pattern: str, tmp_path: Path) -> None:
    """What they have built is not built again."""
    project = built_project(pattern, tmp_path)
    for target in ("check", "test"):
        lines = commands(project, target).splitlines()
        verified = next(number for number, line in enumerate(lines) if " verify" in line)
        assert lines[verified + 1] == f"touch {BUILT}"
