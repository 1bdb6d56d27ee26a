"""Write templates of other tools to disk, and render them with blueprint or with their tools."""

import os
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import copier
from cookiecutter.main import cookiecutter

from blueprint.patterns import check_answers
from blueprint.render import File, Tree
from blueprint.sources import as_trusted, find_pattern, render
from tests.patterns_on_disk import write_files

Files = Mapping[str, str | bytes]

PROJECT = "my-shop"
"""The name of all projects; Copier's templates can see the name of the folder, so it has to be the same."""


def write_template(folder: Path, files: Files) -> Path:
    """Write `files` to `folder`, and make shell scripts executable."""
    write_files(folder, files)
    for script in folder.rglob("*.sh*"):
        script.chmod(0o755)
    return folder


def url(folder: Path) -> str:
    """Return the git URL of `folder`."""
    return f"git+file://{folder}"


def by_blueprint(source: str, answers: Mapping[str, Any], *, trust: bool = False) -> Tree:
    """Render with blueprint."""
    pattern = find_pattern(source)
    if trust:
        pattern = as_trusted(pattern)
    tree = render(pattern, check_answers(pattern, PROJECT, answers)).tree
    return {path: replace(file, secret=False) for path, file in tree.items()}


def by_copier(source: str, answers: Mapping[str, Any], scratch: Path, *, trust: bool = False) -> Tree:
    """Render with Copier."""
    target = scratch / "copier" / PROJECT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copier.run_copy(source, target, dict(answers), defaults=True, quiet=True, unsafe=trust)
    return on_disk(target)


def by_cookiecutter(source: str, answers: Mapping[str, Any], scratch: Path, *, trust: bool = False) -> Tree:
    """Render with Cookiecutter."""
    settings = scratch / "cookiecutter.yaml"
    settings.write_text(f"replay_dir: {scratch / 'replay'}\ncookiecutters_dir: {scratch / 'cloned'}\n")
    made = cookiecutter(
        source,
        no_input=True,
        extra_context=dict(answers),
        output_dir=str(scratch / "cookiecutter"),
        config_file=str(settings),
        accept_hooks=trust,
    )
    return on_disk(Path(made))


def on_disk(folder: Path) -> Tree:
    """Read every file below `folder`, except those in `.git`."""
    return {
        path.relative_to(folder).as_posix(): File(path.read_bytes(), os.access(path, os.X_OK))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }
