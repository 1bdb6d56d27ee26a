"""Run the program of an image of a distributed shop, from sources arranged as its Dockerfile does."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.generated.environment import environment_for_all

from .projects import Project

IGNORED = shutil.ignore_patterns("tests", "testing.py", "conftest.py", "__pycache__")
"""Files that .dockerignore excludes."""


def run(
    project: Project,
    service: str,
    folder: Path,
    environment: Mapping[str, str],
    *arguments: str,
    entry_point: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """Run the entry point, or a replacement, with `arguments`, in a `folder` of this service."""
    for source in ("libs/src", f"services/{service}/src"):
        shutil.copytree(project.folder / source, folder, ignore=IGNORED, dirs_exist_ok=True)
    path = f"{environment_for_all() / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [*(entry_point or entry_point_of(project)), *arguments],
        cwd=folder,
        env={"PATH": path, "PYTHONPATH": str(folder), "SERVICE": service, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def entry_point_of(project: Project) -> list[str]:
    """Return the ENTRYPOINT of the Dockerfile."""
    (found,) = re.findall(r"(?m)^ENTRYPOINT (\[.*\])$", project.text("Dockerfile"))
    words: list[str] = json.loads(found)
    return words
