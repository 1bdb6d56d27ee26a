"""`blueprint new` says before it writes which JDK a project needs that the machine does not have."""

from pathlib import Path

import pytest

from tests.patterns_on_disk import tiny, write_pattern

from .running import Outcome, blueprint

# No machine that runs the tests has this one.
NEEDED = 100
SENTENCE = f"The project needs a JDK {NEEDED} or newer. Install one, or set JAVA_HOME to it."


@pytest.fixture
def here(here: Path) -> Path:
    """A folder with a pattern that needs a JDK unless it is deployed to Kubernetes."""
    write_pattern(here / "tiny", tiny(requires=[{"jdk": NEEDED, "when": "not kubernetes"}]))
    return here


def write_jdk(folder: Path, version: str) -> dict[str, str]:
    """Write what identifies a JDK, and return the variables that name it."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/javac").touch()
    (folder / "release").write_text(f'IMPLEMENTOR="Test"\nJAVA_VERSION="{version}"\n')
    return {"JAVA_HOME": str(folder)}


def new(here: Path, name: str, *arguments: str, env: dict[str, str]) -> Outcome:
    """Create a project."""
    done = blueprint("new", name, "-p", "./tiny", "--yes", *arguments, cwd=here, env=env)
    assert done.status == 0, done.err
    return done


@pytest.mark.parametrize("version", ["99.0.20", "1.8.0_492"])
def test_an_old_jdk_is_told_before_the_project(here: Path, version: str) -> None:
    """The sentence stands before the tree, the project is written all the same, and JSON has it, too."""
    env = write_jdk(here / "jdk", version)
    out = new(here, "shop", "--set", "kubernetes=no", env=env).out
    assert out.index(SENTENCE) < out.index("Created shop")
    told = new(here, "other", "--set", "kubernetes=no", "--json", env=env).json
    assert (told["missing"], told["written"]) == ([SENTENCE], True)


def test_a_jdk_that_is_new_enough_is_not_mentioned(here: Path) -> None:
    """The JDK of JAVA_HOME counts, also a later version and one without a minor version."""
    for version in ("100", "101.0.1"):
        env = write_jdk(here / f"jdk-{version}", version)
        assert "JDK" not in new(here, f"shop-{version[:3]}", "--set", "kubernetes=no", env=env).out


def test_a_project_without_the_need_is_not_told(here: Path) -> None:
    """The condition of the requirement decides."""
    assert "JDK" not in new(here, "shop", env=write_jdk(here / "jdk", "99")).out
