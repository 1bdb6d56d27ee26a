"""Git repositories for tests. Without git, the tests that need one skip."""

import os
import subprocess
from pathlib import Path

from tests.servers.process import program

# Repositories do not depend on the settings of the person who runs the tests.
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "author",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "author",
    "GIT_COMMITTER_EMAIL": "author@example.com",
}


def git(folder: Path, *arguments: str, stdin: str | None = None) -> str:
    """Run git in `folder` and return its output."""
    done = subprocess.run(
        [program("git"), "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        env={**os.environ, **_ENVIRONMENT},
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(folder: Path, tag: str | None = None) -> str:
    """Commit everything in `folder`, optionally tag it, and return the commit hash."""
    if not (folder / ".git").is_dir():
        git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", tag or "change")
    if tag:
        git(folder, "tag", tag)
    return git(folder, "rev-parse", "HEAD")
