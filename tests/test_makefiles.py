"""Tests of our Makefile and the generated ones: a Python that is too old, an unusable environment."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from blueprint.patterns import check_answers, load_pattern
from blueprint.patterns.loading import pattern_names, templates_root
from blueprint.render import render

ROOT = Path(__file__).parent.parent

# Stubs of interpreters: the tests need no other Python and install nothing.
OLD = f"""#!/bin/sh
[ "$1" = -c ] || exit 9
exec '{sys.executable}' -c "import sys; sys.version_info = (3, 9, 18, 'final', 0)
$2"
"""
NEW = f"""#!/bin/sh
case "$1 $2" in
    "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-m pip") echo "$@" >> pip.log ;;
    -c*) exec '{sys.executable}' "$@" ;;
esac
"""
UV = """#!/bin/sh
case "$1" in
    venv)
        for folder; do :; done
        rm -rf "$folder"; mkdir -p "$folder/bin"; cp "$(command -v "$5")" "$folder/bin/python" ;;
    pip) echo "$@" >> pip.log ;;
esac
"""
UNUSABLE = ["old", "broken"]


def program(path: Path, text: str) -> Path:
    """Write an executable script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@cache
def generated_makefile(pattern_name: str) -> bytes:
    """Return the Makefile of a project of a pattern."""
    pattern = load_pattern(templates_root() / pattern_name, templates_root())
    return render(pattern, check_answers(pattern, "shop", {})).tree["Makefile"].content


@pytest.fixture(params=["blueprint", *pattern_names()])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a folder with the Makefile and the files that its environment depends on."""
    folder = tmp_path / "project"
    if request.param == "blueprint":
        files = {name: (ROOT / name).read_bytes() for name in ("Makefile", "pyproject.toml")}
    else:
        files = {"Makefile": generated_makefile(request.param), "requirements/runtime.txt": b""}
    for path, content in {**files, "requirements/dev.txt": b""}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def mark(project: Path) -> str:
    """Return the file that marks the environment as ready."""
    return ".venv/installed" if (project / "pyproject.toml").exists() else ".venv/ready"


def spoil(project: Path, how: str) -> None:
    """Create an environment that is marked as ready but cannot be used."""
    python = project / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    if how == "old":
        program(python, OLD)
    else:
        python.symlink_to("/no/such/python")
    (project / mark(project)).touch()


def make(project: Path, python: Path) -> subprocess.CompletedProcess[str]:
    """Create the environment with `python`, and with uv if it is in the same folder."""
    make = shutil.which("make")
    assert make
    for tool in ("sh", "mkdir", "cp", "rm", "touch"):
        link = python.parent / tool
        if not link.exists():
            link.symlink_to(shutil.which(tool) or "")
    environment = {**os.environ, "PATH": str(python.parent), "MAKEFLAGS": ""}
    # `make test` runs these tests: make would name its level in its messages.
    environment.pop("MAKELEVEL", None)
    # By its name, because make cannot run a program whose path has a blank.
    command = [make, f"PYTHON={python.name}", mark(project)]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("there", ["nothing", *UNUSABLE])
@pytest.mark.parametrize("uv", [False, True])
def test_an_old_python_is_one_sentence(project: Path, tmp_path: Path, uv: bool, there: str) -> None:
    """A Python that is too old gives one sentence, also if an unusable environment exists."""
    if there != "nothing":
        spoil(project, there)
    python = program(tmp_path / "bin/python3", OLD)
    if uv:
        program(tmp_path / "bin/uv", UV)
    done = make(project, python)

    said, failed = done.stderr.splitlines()
    assert said.endswith(
        " needs Python 3.11 or newer, and python3 is Python 3.9. Run, for example: make PYTHON=python3.13"
    )
    assert failed.startswith("make: ***")
    assert done.returncode == 2


@pytest.mark.parametrize("there", ["nothing", *UNUSABLE])
@pytest.mark.parametrize("uv", [False, True])
def test_an_unusable_environment_is_made_again(project: Path, tmp_path: Path, uv: bool, there: str) -> None:
    """An environment whose Python is old or missing is created again, although it is marked as ready."""
    if there != "nothing":
        spoil(project, there)
    python = program(tmp_path / "bin/python3", NEW)
    if uv:
        program(tmp_path / "bin/uv", UV)
    done = make(project, python)

    assert (done.returncode, done.stderr) == (0, "")
    assert (project / ".venv/bin/python").read_text() == NEW
    assert "--require-hashes" in (project / "pip.log").read_text()


def test_a_usable_environment_is_left_alone(project: Path, tmp_path: Path) -> None:
    """A usable environment is kept, even if python3 is too old."""
    program(project / ".venv/bin/python", NEW)
    (project / mark(project)).touch()
    done = make(project, program(tmp_path / "bin/python3", OLD))

    assert (done.returncode, done.stderr) == (0, "")
    assert not (project / "pip.log").exists()
