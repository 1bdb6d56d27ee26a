"""Git status of a project."""

import shutil
import subprocess
from pathlib import Path


def is_dirty(folder: Path) -> bool:
    """Whether tracked files in `folder` have uncommitted changes; False without git or a repository."""
    git = shutil.which("git")
    if git is None or not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return False
    done = subprocess.run(
        [git, "-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=no", "--", "."],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0 and bool(done.stdout)
