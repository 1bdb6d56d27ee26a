"""Private copies of templates, which are rendered and run instead of the originals.

The digest of a copy is computed from the bytes that are written to it. Whatever happens to the original
afterwards, the code that runs is the code that the digest covers.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from weakref import finalize

from blueprint.errors import BlueprintError, HostilePatternError, SourceError

from . import source_limits

_LEFT_OUT = frozenset({".git", "__pycache__"})
"""Never part of a template: data of git, and bytecode, which Python would run instead of the source."""

_INSTALLED = frozenset({"node_modules", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
"""Left out of a folder that somebody works in, as are virtual environments: tools created these."""


class Snapshot:
    """A private copy of a source, and its `digest`. It is deleted when nothing refers to it any more.

    `shown` is the source as error messages name it.
    """

    def __init__(
        self, source: Path, shown: str, *, mirror: Path | None = None, commit: str | None = None
    ) -> None:
        """Copy the folder `source`, which may be a checkout of `commit` from the git directory `mirror`.

        Without a commit, it may be a folder that somebody works in, with what tools have installed there.
        """
        scratch = Path(mkdtemp(prefix="blueprint-template-"))
        finalize(self, shutil.rmtree, scratch, ignore_errors=True)
        self.source = source
        self.folder = scratch / (source.resolve().name or "template")
        self.digest = _digest(source, self.folder, working_folder=commit is None)
        self._shown = shown
        self._mirror = mirror
        self._commit = commit

    def add_repository(self) -> None:
        """Let git work in the copy as in the source: code that is trusted may ask for the commit."""
        from .fetch.repository import add_repository

        if not (self.folder / ".git").exists():
            add_repository(self.folder, self.source, self._mirror, self._commit)

    @contextmanager
    def original_paths(self) -> Iterator[None]:
        """Name the source instead of the copy in the errors of the block."""
        try:
            yield
        except BlueprintError as error:
            error.message = error.message.replace(str(self.folder), self._shown)
            error.hint = error.hint.replace(str(self.folder), self._shown)
            raise


def content_digest(folder: Path) -> str:
    """Return the SHA-256 of everything below `folder`: paths, contents, links and executable bits.

    Raises HostilePatternError for pipes, devices, links that leave the folder, and too many files or bytes.
    """
    return _digest(folder, None, working_folder=False)


def _digest(source: Path, copy: Path | None, *, working_folder: bool) -> str:
    """Return the digest of `source`, and write what it covers to `copy`."""
    total = files = 0
    digest = sha256()
    root = source.resolve()
    if copy:
        copy.mkdir(mode=0o700)
    try:
        for path, status in _entries(source, root, working_folder=working_folder):
            relative = path.relative_to(source)
            is_link, is_folder = stat.S_ISLNK(status.st_mode), stat.S_ISDIR(status.st_mode)
            files, total = files + 1, total + (status.st_size if stat.S_ISREG(status.st_mode) else 0)
            if files > source_limits.MAX_FILES or total > source_limits.MAX_TOTAL:
                raise HostilePatternError(source_limits.exceeded(source))
            if is_folder:
                if copy:
                    (copy / relative).mkdir(mode=0o700)
                continue
            content = os.fsencode(_link_target(path)) if is_link else path.read_bytes()
            executable = not is_link and bool(status.st_mode & 0o100)
            mode = "l" if is_link else "x" if executable else "f"
            name = os.fsencode(relative)
            digest.update(b"%b %d %b %d\0" % (mode.encode(), len(name), name, len(content)))
            digest.update(content)
            if copy:
                _write(copy / relative, content, is_link=is_link, executable=executable)
    except OSError as error:
        raise SourceError(f"cannot read {error.filename}: {error.strerror}") from error
    return digest.hexdigest()


def _write(path: Path, content: bytes, *, is_link: bool, executable: bool) -> None:
    if is_link:
        path.symlink_to(os.fsdecode(content))
        return
    path.write_bytes(content)
    path.chmod(0o700 if executable else 0o600)


def _entries(folder: Path, root: Path, *, working_folder: bool) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield everything below `folder` that is part of the template, sorted; a folder before its content."""
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    for entry in entries:
        path, status = Path(entry.path), entry.stat(follow_symlinks=False)
        is_folder = stat.S_ISDIR(status.st_mode)
        if entry.name in _LEFT_OUT or (working_folder and is_folder and _is_installed(path)):
            continue
        if is_folder:
            yield path, status
            yield from _entries(path, root, working_folder=working_folder)
        elif stat.S_ISREG(status.st_mode) or (stat.S_ISLNK(status.st_mode) and _stays_inside(path, root)):
            yield path, status
        else:
            raise HostilePatternError(f"{path} is a device, or a link that leaves the template")


def _is_installed(folder: Path) -> bool:
    return folder.name in _INSTALLED or (folder / "pyvenv.cfg").is_file()


def _stays_inside(link: Path, root: Path) -> bool:
    """Return whether a link leads to a place inside `root`, but not to a folder that contains the link."""
    target = link.resolve()
    return target.is_relative_to(root) and not link.parent.resolve().is_relative_to(target)


def _link_target(link: Path) -> str:
    """Return the target of a link as a relative path, which is valid in a copy as well."""
    return os.path.relpath(link.resolve(), link.parent.resolve())
