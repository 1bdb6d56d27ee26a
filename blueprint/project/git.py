"""Git repository of a project."""

import shutil
import subprocess
from pathlib import Path

from blueprint.sources.fetch.git_command import environment


def is_dirty(folder: Path) -> bool:
    """Whether tracked files in `folder` have uncommitted changes; False without git or a repository."""
    git = shutil.which("git")
    if git is None or not is_in_repository(folder):
        return False
    done = subprocess.run(
        [git, "-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=no", "--", "."],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0 and bool(done.stdout)


def is_in_repository(folder: Path) -> bool:
    """Whether `folder` is a repository or inside one."""
    return any((parent / ".git").exists() for parent in (folder, *folder.parents))


def can_start_repository(folder: Path) -> bool:
    """Whether git is installed, and `folder` is empty or missing and in no repository."""
    is_new = not folder.exists() or not any(folder.iterdir())
    return shutil.which("git") is not None and is_new and not is_in_repository(folder.resolve())


def start_repository(folder: Path, message: str) -> bool:
    """Make `folder` a repository and commit all its files; whether the commit succeeded.

    It fails, for example, if the user has told git no name. The files are then staged.
    """
    git = shutil.which("git") or "git"
    commit = ("-c", "commit.gpgSign=false", "commit", "--quiet", "--message", message)
    return all(_run(folder, git, *command) for command in (("init", "--quiet"), ("add", "--all"), commit))


def _run(folder: Path, *command: str) -> bool:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0
