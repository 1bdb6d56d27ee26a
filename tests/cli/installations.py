"""Installations of blueprint at different versions, from wheels that are built for a test."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "blueprint", "templates")
"""What a wheel is built from."""


def install(folder: Path, change: Callable[[Path], None]) -> dict[str, str]:
    """Build a wheel of this checkout, changed by `change`, and install it in `folder`.

    Returns the environment variables with which `python -m blueprint` runs that installation.
    """
    checkout, wheels, site = folder / "checkout", folder / "wheels", folder / "site"
    checkout.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, checkout / part, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
        else:
            shutil.copy(source, checkout / part)
    change(checkout)
    _python("hatchling", "build", "--target", "wheel", "--directory", wheels, cwd=checkout)
    _python(
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-compile",
        "--target",
        site,
        *wheels.glob("*.whl"),
    )
    shutil.rmtree(checkout)
    return {"PYTHONPATH": str(site)}


def set_versions(checkout: Path, package: str, pattern: str) -> None:
    """Set the set_versions of the package, and that of the monolith in it."""
    for path, line in (
        ("pyproject.toml", f'\nversion = "{package}"\n'),
        ("blueprint/__init__.py", f'\n__version__ = "{package}"\n'),
        ("templates/monolith/pattern.yaml", f"\nversion: {pattern}\n"),
    ):
        start = line.partition(line.split()[-1])[0]
        before, _, rest = (checkout / path).read_text().partition(start)
        (checkout / path).write_text(before + line + rest.partition("\n")[2])


def _python(*arguments: str | Path, cwd: Path = ROOT) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
