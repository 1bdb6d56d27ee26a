"""Run the user's own git, but let nothing run that a repository or its place brings along."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from blueprint.errors import SourceError

from ..sanitize import one_line

MAX_SECONDS = 300
"""The longest that git may take, in seconds."""

_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.autocrlf=false",
    "core.protectNTFS=true",
    "core.protectHFS=true",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
)

_OF_A_REPOSITORY = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_TEMPLATE_DIR",
    "GIT_GRAFT_FILE",
)
"""Variables that would lead git to another repository, as when blueprint is started by a hook."""


def git(*arguments: str, index: Path | None = None) -> str:
    """What git prints; `index` is another one than that of the repository. Raises SourceError."""
    try:
        done = subprocess.run(
            _command(*arguments),
            env=environment(index),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=MAX_SECONDS,
        )
    except FileNotFoundError:
        raise SourceError("git is not installed", hint="Install it, or use a folder or a zip file.") from None
    except subprocess.TimeoutExpired:
        raise SourceError(f"git took longer than {MAX_SECONDS} s") from None
    if done.returncode:
        message = one_line(done.stderr.decode(errors="replace"))
        raise SourceError(
            f"git: {message or 'it failed'}", hint="Check the URL, the network and your access."
        )
    return done.stdout.decode(errors="surrogateescape")


def git_beginning(size: int, *arguments: str) -> bytes:
    """The first `size` bytes of what git prints, however much it would be."""
    with subprocess.Popen(_command(*arguments), env=environment(), stdout=subprocess.PIPE) as running:
        assert running.stdout is not None  # noqa: S101
        beginning = running.stdout.read(size)
        running.kill()
    return beginning


def _command(*arguments: str) -> Sequence[str]:
    """A command line that overrides what could make git run other programs."""
    settings = (part for setting in _SETTINGS for part in ("-c", setting))
    return ("git", "--no-replace-objects", *settings, *arguments)


def environment(index: Path | None = None) -> dict[str, str]:
    """The variables for git: it asks nothing, and knows only the protocols of `locations`."""
    variables = {name: value for name, value in os.environ.items() if name not in _OF_A_REPOSITORY}
    variables |= {
        "GIT_ALLOW_PROTOCOL": "https:ssh:file",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
    }
    variables.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    return variables | ({"GIT_INDEX_FILE": str(index)} if index else {})
