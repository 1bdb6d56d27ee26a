"""Unpack untrusted zip files."""

import shutil
import stat
import unicodedata
import zlib
from hashlib import file_digest
from pathlib import Path
from tempfile import mkdtemp
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from blueprint.errors import HostilePatternError, SourceError
from blueprint.user_dirs import cache_folder

from ..detect import kind_in
from ..source_limits import MAX_FILES, MAX_TOTAL


def unpack(path: Path) -> Path:
    """Unpack the zip file at `path` to the cache, unless it is there already, and return the folder.

    If the archive contains only one folder, as GitHub's do, that folder is returned. Raises SourceError or
    HostilePatternError.
    """
    try:
        with path.open("rb") as file:
            folder = cache_folder() / f"zip-{file_digest(file, 'sha256').hexdigest()[:32]}"
            if not folder.is_dir():
                _unpack(file, path, folder)
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from error
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(
            f"{path} is not a zip file that can be read",
            hint="Create it again, without a password and with standard compression.",
        ) from error
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() and not kind_in(folder) else folder


def _unpack(file: IO[bytes], path: Path, folder: Path) -> None:
    scratch = Path(mkdtemp(prefix="zip-", dir=folder.parent))
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > MAX_FILES:
                raise HostilePatternError(f"{path} contains more than {MAX_FILES:,} files")
            remaining = MAX_TOTAL
            for member in members:
                target = scratch / "tree" / _checked_name(path, member)
                remaining -= _write(archive, member, target, remaining, path)
        (scratch / "tree").mkdir(exist_ok=True)
        (scratch / "tree").rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write(archive: ZipFile, member: ZipInfo, target: Path, limit: int, path: Path) -> int:
    """Write one member and return its size, at most `limit` bytes; an archive may declare false sizes."""
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as packed:
        content = packed.read(limit + 1)
    if len(content) > limit:
        raise HostilePatternError(f"{path} unpacks to more than {MAX_TOTAL >> 20} MiB")
    with target.open("xb") as file:
        file.write(content)
    if member.external_attr >> 16 & 0o100:
        target.chmod(target.stat().st_mode | 0o111)
    return len(content)


def _checked_name(path: Path, member: ZipInfo) -> str:
    """Return the name of a member; anything but a regular file or folder inside is an error."""
    name = member.filename.rstrip("/")
    mode = member.external_attr >> 16
    parts = name.split("/")
    if (
        any(part in ("", ".", "..") or part.casefold() == ".git" for part in parts)
        or "\\" in name
        or any(unicodedata.category(character)[0] == "C" for character in name)
        or (stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR))
    ):
        raise HostilePatternError(
            f"{path} contains {member.filename!r}, which is not a regular file inside it"
        )
    return name
