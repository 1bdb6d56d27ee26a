"""AGENTS.md and CONTRIBUTING.md name only what exists."""

import importlib.util
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDES = ("AGENTS.md", "CONTRIBUTING.md")
CODE = re.compile(r"`([^`\n]+)`")
ENDINGS = (".py", ".md", ".toml", ".yaml", ".json")
VENV = ".venv/bin/"


def code(guide: str) -> list[str]:
    """Return what stands between backticks in a guide."""
    return CODE.findall((ROOT / guide).read_text("utf-8"))


def paths(guide: str) -> set[str]:
    """Return the paths that a guide names, also as arguments of commands. `<name>` is a placeholder."""
    words = {word.rpartition("=")[2].rstrip(":,") for text in code(guide) for word in text.split()}
    return {
        word
        for word in words
        if "<" not in word and not word.startswith(VENV) and ("/" in word or word.endswith(ENDINGS))
    }


def targets(guide: str) -> set[str]:
    """Return the make targets that a guide names."""
    return {match[1] for text in code(guide) if (match := re.match(r"make ([a-z-]+)", text))}


def exists(path: str) -> bool:
    """Return whether a path is in the repository. A short one may be anywhere below the code."""
    if path.startswith("build/") or (ROOT / path).exists():
        return True
    return any(next((ROOT / top).rglob(path.rstrip("/")), None) for top in ("blueprint", "templates"))


def test_agents_is_short() -> None:
    """An agent reads all of it at each start."""
    assert len((ROOT / "AGENTS.md").read_text().splitlines()) <= 60


def test_claude_reads_the_same_file() -> None:
    """There is one guide for agents, whatever name a tool looks for."""
    assert (ROOT / "CLAUDE.md").read_text() == "@AGENTS.md\n"


@pytest.mark.parametrize("guide", GUIDES)
def test_every_path_exists(guide: str) -> None:
    """A guide that names a file that moved misleads its reader."""
    assert len(paths(guide)) > 10
    assert {path for path in paths(guide) if not exists(path)} == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_make_target_exists(guide: str) -> None:
    """`make -n` fails for a target that the Makefile does not have."""
    assert len(targets(guide)) > 4
    missing = {
        target
        for target in targets(guide)
        if subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False).returncode
    }
    assert missing == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_module_that_is_run_exists(guide: str) -> None:
    """`python -m MODULE` needs the module."""
    modules = {match[1] for text in code(guide) if (match := re.search(r"python -m ([\w.]+)", text))}
    assert modules
    assert {module for module in modules if importlib.util.find_spec(module) is None} == set()
