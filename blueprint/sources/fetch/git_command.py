"""Run the user's git, but no hook, filter or other program that a repository could make it start."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from blueprint.errors import SourceError

from ..sanitize import one_line

MAX_SECONDS = 300
"""Time limit for one git command, in seconds."""

_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.autocrlf=false",
    "core.eol=lf",
    "core.attributesFile=/dev/null",
    "core.symlinks=true",
    "core.sparseCheckout=false",
    "core.abbrev=auto",
    "core.protectNTFS=true",
    "core.protectHFS=true",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
)

_REPOSITORY_VARIABLES = (
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
    "GIT_ATTR_SOURCE",
)
"""Variables that would direct git to another repository; they are set, for example, while a hook runs."""


def git(*arguments: str, index: Path | None = None) -> str:
    """Run git and return its output; `index` replaces the repository's index. Raises SourceError."""
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
        raise SourceError(
            f"git took longer than {MAX_SECONDS} s",
            hint="Check the network, or use a folder or a zip file.",
        ) from None
    if done.returncode:
        message = one_line(done.stderr.decode(errors="replace"))
        raise SourceError(
            f"git failed: {message or f'exit status {done.returncode}'}",
            hint="Check the URL, the network and your access.",
        )
    return done.stdout.decode(errors="surrogateescape")


def git_truncated(size: int, *arguments: str) -> bytes:
    """Run git, but stop it after `size` bytes of output; return these bytes."""
    with subprocess.Popen(_command(*arguments), env=environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101
        output = process.stdout.read(size)
        process.kill()
    return output


def _command(*arguments: str) -> Sequence[str]:
    """Build the command line, with settings that keep git from running other programs."""
    settings = (part for setting in _SETTINGS for part in ("-c", setting))
    return ("git", "--no-replace-objects", *settings, *arguments)


def environment(index: Path | None = None) -> dict[str, str]:
    """Return git's environment: it does not prompt, and uses only the protocols that `locations` allows."""
    variables = {name: value for name, value in os.environ.items() if name not in _REPOSITORY_VARIABLES}
    variables |= {
        "GIT_ALLOW_PROTOCOL": "https:ssh:file",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
    }
    variables.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    return variables | ({"GIT_INDEX_FILE": str(index)} if index else {})
