"""The AGENTS.md of generated projects is short, names only what exists, and its commands work."""

import re
from pathlib import Path

import pytest

from blueprint.render import Tree

from .combinations import Combination
from .environment import environment_for_all
from .projects import PATTERNS, PROJECT, tree_of
from .running import commit, end_of, run, shop
from .test_every_combination import CASES

GUIDE = "AGENTS.md"
CODE = re.compile(r"`([^`\n]+)`")
ENDINGS = (".py", ".md", ".toml", ".env", ".example")
ELSEWHERE = {"make test", "make lint", "make check", "make run", "make dev", "make audit"}
"""Commands that test_at_work.py, test_check.py and test_developing.py run for each pattern."""


def code(tree: Tree) -> list[str]:
    """Return what stands between backticks in the guide."""
    return CODE.findall(tree[GUIDE].content.decode())


def commands(tree: Tree) -> list[str]:
    """Return the commands that the guide tells to run, with their arguments."""
    section = tree[GUIDE].content.decode().partition("## Commands")[2].partition("\n## ")[0]
    return [text for text in CODE.findall(section) if text.startswith("make ") or "-m pytest" in text]


def paths(tree: Tree) -> set[str]:
    """Return the paths that the guide names, also as arguments of commands."""
    words = {word.rpartition("=")[2] for text in code(tree) for word in text.split()}
    found = {path for word in words for path in word.split(":") if "/" in path or path.endswith(ENDINGS)}
    return {path for path in found if not path.startswith(("/", ".venv/", ".blueprint/"))}


def exists(path: str, tree: Tree) -> bool:
    """Return whether the project has a file or folder at this path, or a file of this bare name anywhere."""
    name = re.escape(path.rstrip("/")).replace(r"\*", "[^/]*")
    return any(re.match(f"{name}(/|$)" if "/" in path else f"(.*/)?{name}$", each) for each in tree)


@pytest.mark.parametrize(("pattern", "combination"), CASES)
def test_the_guide_is_short_and_names_only_what_exists(pattern: str, combination: Combination) -> None:
    """An agent reads the guide at each start, and a path or target that does not exist misleads it."""
    tree = tree_of(combination, pattern=pattern)
    assert tree["CLAUDE.md"].content == b"@AGENTS.md\n"
    assert len(tree[GUIDE].content.splitlines()) <= 60
    assert len(paths(tree)) > 10
    assert {path for path in paths(tree) if not exists(path, tree)} == set()
    targets = set(re.findall(r"^([a-z-]+):", tree["Makefile"].content.decode(), re.MULTILINE))
    assert {match[1] for text in code(tree) if (match := re.match(r"make ([a-z-]+)", text))} <= targets


@pytest.mark.thorough
@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_command_of_the_guide_works(pattern: str, tmp_path: Path) -> None:
    """Each command that the guide names succeeds in a new project."""
    project = shop(pattern, tmp_path / "shop", {})
    commit(project)
    environment = environment_for_all()
    named = commands(tree_of({}, pattern=pattern, project=PROJECT))
    assert set(named) > ELSEWHERE
    for command in named:
        if command not in ELSEWHERE:
            succeeds(command, project, environment)


def succeeds(command: str, project: Path, environment: Path) -> None:
    """Run a command as the guide names it, with the shared environment."""
    text = command.replace(".venv/", f"{environment}/")
    done = run(["sh", "-c", f"{text} VENV={environment}" if text.startswith("make") else text], project)
    assert done.returncode == 0, f"{command}:\n{end_of(done)}"
