"""Staging folders in which other tools render; the files are then read back as a tree.

Only regular files are accepted, and only at paths that a pattern may write.
"""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from blueprint.errors import BlueprintError, HostilePatternError, RenderError
from blueprint.render import File, Tree
from blueprint.render.engine import MAX_FILES, MAX_TOTAL
from blueprint.render.layers import MAX_FILE
from blueprint.render.paths import check_collisions, check_path
from blueprint.templating import LimitExceededError, resource_limits

from .sanitize import error_text


@contextmanager
def staging(name: str, *, unbounded: bool) -> Iterator[Path]:
    """Provide an empty, private folder in which another tool renders the template `name`.

    Time and memory are limited unless `unbounded`: trusted code, such as a hook that installs packages, may
    need more. Failures are raised as BlueprintError, usually RenderError or HostilePatternError.
    """
    try:
        limits = _output_to_stderr() if unbounded else resource_limits()
        with TemporaryDirectory(prefix="blueprint-") as folder, limits:
            yield Path(folder)
    except BlueprintError:
        raise
    except LimitExceededError as error:
        raise HostilePatternError(f"rendering {name} {error}") from error
    except (Exception, SystemExit) as error:
        raise RenderError(f"{name} cannot be rendered: {error_text(error)}") from error


def write_tree(tree: Tree, folder: Path) -> None:
    """Write the files of `tree` to `folder`, which must not exist yet."""
    folder.mkdir()
    for path, file in tree.items():
        target = folder / check_path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        target.chmod(0o700 if file.executable else 0o600)


def collect_tree(folder: Path, *, drop_git: bool) -> Tree:
    """Read the files below `folder`. Raises HostilePatternError.

    A link to a file or folder of the project becomes a copy of it, because a project has no links.
    `drop_git` skips `.git` folders, which trusted code may create; otherwise they are an error.
    """
    tree: dict[str, File] = {}
    total = 0
    for path, status in _files(folder, "", (folder.resolve(),)):
        if drop_git and ".git" in path.split("/"):
            continue
        total += status.st_size
        if status.st_size > MAX_FILE or total > MAX_TOTAL or len(tree) >= MAX_FILES:
            raise HostilePatternError(
                f"the project would exceed {MAX_TOTAL >> 20} MiB or {MAX_FILES:,} files, "
                f"or {path} would exceed {MAX_FILE >> 20} MiB"
            )
        tree[check_path(path)] = File((folder / path).read_bytes(), bool(status.st_mode & 0o100))
    check_collisions(tree)
    return dict(sorted(tree.items()))


@contextmanager
def discarded_errors() -> Iterator[None]:
    """Discard what is written to stderr, such as the output of hooks that run a second time."""
    with open(os.devnull, "wb") as nowhere, _redirected(2, nowhere.fileno()):
        yield


@contextmanager
def _output_to_stderr() -> Iterator[None]:
    """Redirect the output of commands to stderr: stdout is reserved for our result, such as JSON."""
    sys.stdout.flush()
    with _redirected(1, 2):
        yield


@contextmanager
def _redirected(stream: int, to: int) -> Iterator[None]:
    before = os.dup(stream)
    os.dup2(to, stream)
    try:
        yield
    finally:
        os.dup2(before, stream)
        os.close(before)


def _files(folder: Path, prefix: str, above: tuple[Path, ...]) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the files below `folder`, which is inside all folders in `above`; the first is the project."""
    with os.scandir(folder) as scan:
        entries = list(scan)
    for entry in entries:
        name, path = f"{prefix}{entry.name}", Path(entry.path)
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode) and path.resolve().is_relative_to(above[0]) and path.exists():
            path = path.resolve()
            status = path.stat()
        if stat.S_ISDIR(status.st_mode) and path.resolve() not in above:
            yield from _files(path, f"{name}/", (*above, path.resolve()))
        elif stat.S_ISREG(status.st_mode):
            yield name, status
        else:
            raise HostilePatternError(
                f"{name} would be a device, or a link to something that is not in the project"
            )
