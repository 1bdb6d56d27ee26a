"""Templates of other tools on disk, and what the tools themselves make of them."""

import os
import subprocess
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
"""The name of every project here: Copier's templates can see the name of the folder."""


def write_template(folder: Path, files: Files) -> Path:
    """Write `files` to `folder`; a shell script can be executed."""
    write_files(folder, files)
    for script in folder.rglob("*.sh*"):
        script.chmod(0o755)
    return folder


def git(folder: Path, *arguments: str) -> str:
    """Run git in `folder`, as an author would."""
    identity = ("-c", "user.name=author", "-c", "user.email=author@example.com")
    done = subprocess.run(
        ["git", *identity, "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(folder: Path, tag: str | None = None) -> str:
    """Commit all that is in `folder`, perhaps with a tag, and return the commit."""
    if not (folder / ".git").is_dir():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "--allow-empty", "-m", "change")
    if tag:
        git(folder, "tag", tag)
    return git(folder, "rev-parse", "HEAD")


def url(folder: Path) -> str:
    """What a user writes to have `folder` cloned."""
    return f"git+file://{folder}"


def ours(source: str, answers: Mapping[str, Any], *, trust: bool = False) -> Tree:
    """What blueprint renders."""
    pattern = find_pattern(source)
    if trust:
        pattern = as_trusted(pattern)
    tree = render(pattern, check_answers(pattern, PROJECT, answers)).tree
    return {path: replace(file, secret=False) for path, file in tree.items()}


def by_copier(source: str, answers: Mapping[str, Any], scratch: Path, *, trust: bool = False) -> Tree:
    """What Copier writes."""
    target = scratch / "copier" / PROJECT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copier.run_copy(source, target, dict(answers), defaults=True, quiet=True, unsafe=trust)
    return on_disk(target)


def by_cookiecutter(source: str, answers: Mapping[str, Any], scratch: Path, *, trust: bool = False) -> Tree:
    """What Cookiecutter writes."""
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
    """Every file below `folder`; what git keeps there is none of a template."""
    return {
        path.relative_to(folder).as_posix(): File(path.read_bytes(), os.access(path, os.X_OK))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }
