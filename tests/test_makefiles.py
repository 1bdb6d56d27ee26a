"""Our Makefile and the generated ones say that a Python is too old, and replace an unusable environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint.patterns import check_answers, load_pattern
from blueprint.patterns.catalogue import pattern_names, templates_root
from blueprint.render import render

ROOT = Path(__file__).parent.parent

# They stand in for interpreters, so that the tests need none but their own and install nothing.
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
    venv) for folder; do :; done; rm -rf "$folder"; mkdir -p "$folder/bin"; cp "$5" "$folder/bin/python" ;;
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


@pytest.fixture(params=["blueprint", *pattern_names()])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with the Makefile and what its environment depends on."""
    folder = tmp_path / "project"
    if request.param == "blueprint":
        files = {name: (ROOT / name).read_bytes() for name in ("Makefile", "pyproject.toml")}
    else:
        pattern = load_pattern(templates_root() / request.param, templates_root())
        tree = render(pattern, check_answers(pattern, "shop", {})).tree
        files = {"Makefile": tree["Makefile"].content, "requirements/runtime.txt": b""}
    for path, content in {**files, "requirements/dev.txt": b""}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def mark(project: Path) -> str:
    """The file that says that the environment is ready."""
    return ".venv/installed" if (project / "pyproject.toml").exists() else ".venv/ready"


def spoil(project: Path, how: str) -> None:
    """Leave an environment behind that looks ready and cannot be used."""
    python = project / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    if how == "old":
        program(python, OLD)
    else:
        python.symlink_to("/no/such/python")
    (project / mark(project)).touch()


def make(project: Path, python: Path) -> subprocess.CompletedProcess[str]:
    """Make the environment with `python`, and with uv if there is one beside it."""
    make = shutil.which("make")
    assert make
    for tool in ("sh", "mkdir", "cp", "rm", "touch"):
        link = python.parent / tool
        if not link.exists():
            link.symlink_to(shutil.which(tool) or "")
    environment = {**os.environ, "PATH": str(python.parent), "MAKEFLAGS": ""}
    command = [make, f"PYTHON={python}", mark(project)]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("there", ["nothing", *UNUSABLE])
@pytest.mark.parametrize("uv", [False, True])
def test_an_old_python_is_one_sentence(project: Path, tmp_path: Path, uv: bool, there: str) -> None:
    """Also when an environment of an old or a removed Python is there."""
    if there != "nothing":
        spoil(project, there)
    python = program(tmp_path / "bin/python3", OLD)
    if uv:
        program(tmp_path / "bin/uv", UV)
    done = make(project, python)

    said, failed = done.stderr.splitlines()
    assert said.endswith(
        f" needs Python 3.11 or newer, and {python} is Python 3.9. Run, for example: make PYTHON=python3.13"
    )
    assert failed.startswith("make: ***")
    assert done.returncode == 2


@pytest.mark.parametrize("there", ["nothing", *UNUSABLE])
@pytest.mark.parametrize("uv", [False, True])
def test_an_unusable_environment_is_made_again(project: Path, tmp_path: Path, uv: bool, there: str) -> None:
    """Although it is marked as ready."""
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
    """Whatever python3 is."""
    program(project / ".venv/bin/python", NEW)
    (project / mark(project)).touch()
    done = make(project, program(tmp_path / "bin/python3", OLD))

    assert (done.returncode, done.stderr) == (0, "")
    assert not (project / "pip.log").exists()
