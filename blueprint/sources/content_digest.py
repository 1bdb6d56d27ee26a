"""Digest of a source's content, with checks for files that no template may contain."""

import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from blueprint.errors import HostilePatternError, SourceError
from blueprint.render.engine import MAX_FILES, MAX_TOTAL

_SKIPPED = frozenset({".git", "__pycache__"})


def content_digest(folder: Path) -> str:
    """Return the SHA-256 of everything below `folder`: paths, contents, links and executable bits.

    Raises HostilePatternError for pipes, devices, links that leave the folder, and too many files or bytes.
    """
    total = files = 0
    digest = sha256()
    try:
        for path, status in _entries(folder, folder.resolve()):
            is_link = stat.S_ISLNK(status.st_mode)
            files, total = files + 1, total + (0 if is_link else status.st_size)
            if files > MAX_FILES or total > MAX_TOTAL:
                raise HostilePatternError(f"{folder} exceeds {MAX_TOTAL >> 20} MiB or {MAX_FILES:,} files")
            content = os.fsencode(os.readlink(path)) if is_link else path.read_bytes()
            mode = "l" if is_link else "x" if status.st_mode & 0o100 else "f"
            name = os.fsencode(path.relative_to(folder))
            digest.update(b"%b %d %b %d\0" % (mode.encode(), len(name), name, len(content)))
            digest.update(content)
    except OSError as error:
        raise SourceError(f"cannot read {error.filename}: {error.strerror}") from error
    return digest.hexdigest()


def _entries(folder: Path, root: Path) -> Iterator[tuple[Path, os.stat_result]]:
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    for entry in entries:
        path, status = Path(entry.path), entry.stat(follow_symlinks=False)
        if entry.name in _SKIPPED:
            continue
        if stat.S_ISDIR(status.st_mode):
            yield from _entries(path, root)
        elif stat.S_ISREG(status.st_mode) or (stat.S_ISLNK(status.st_mode) and _stays_inside(path, root)):
            yield path, status
        else:
            raise HostilePatternError(f"{path} is a device, or a link that leaves the template")


def _stays_inside(link: Path, root: Path) -> bool:
    """Return whether a link leads to a place inside `root`, but not to a folder that contains the link."""
    target = link.resolve()
    return target.is_relative_to(root) and not link.parent.resolve().is_relative_to(target)
