"""What is in a source: checked for what no template may have, and told from any other content."""

import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from blueprint.errors import HostilePatternError, SourceError
from blueprint.render.engine import MAX_FILES, MAX_TOTAL

_SKIPPED = frozenset({".git", "__pycache__"})


def content_digest(folder: Path) -> str:
    """The SHA-256 of all that is below `folder`: paths, contents, links and what can be executed.

    Raises HostilePatternError for links that leave the folder, pipes and devices, and for too much.
    """
    total = files = 0
    whole = sha256()
    try:
        for path, status in _entries(folder, folder.resolve()):
            link = stat.S_ISLNK(status.st_mode)
            files, total = files + 1, total + (0 if link else status.st_size)
            if files > MAX_FILES or total > MAX_TOTAL:
                raise HostilePatternError(f"{folder} has over {MAX_FILES} files or {MAX_TOTAL >> 20} MiB")
            content = os.fsencode(os.readlink(path)) if link else path.read_bytes()
            mode = "l" if link else "x" if status.st_mode & 0o100 else "f"
            name = os.fsencode(path.relative_to(folder))
            whole.update(b"%b %d %b %d\0" % (mode.encode(), len(name), name, len(content)))
            whole.update(content)
    except OSError as error:
        raise SourceError(f"cannot read {error.filename}: {error.strerror}") from error
    return whole.hexdigest()


def _entries(folder: Path, root: Path) -> Iterator[tuple[Path, os.stat_result]]:
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    for entry in entries:
        path, status = Path(entry.path), entry.stat(follow_symlinks=False)
        if entry.name in _SKIPPED:
            continue
        if stat.S_ISDIR(status.st_mode):
            yield from _entries(path, root)
        elif stat.S_ISREG(status.st_mode) or (stat.S_ISLNK(status.st_mode) and _stays(path, root)):
            yield path, status
        else:
            raise HostilePatternError(f"{path} is a device, or a link that leaves the template")


def _stays(link: Path, root: Path) -> bool:
    """Whether a link leads to something inside, and not to a folder that it is in itself."""
    target = link.resolve()
    return target.is_relative_to(root) and not link.parent.resolve().is_relative_to(target)
