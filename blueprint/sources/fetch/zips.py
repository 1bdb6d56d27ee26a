"""Unpack a zip file that nobody has vouched for."""

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
from blueprint.render.engine import MAX_FILES, MAX_TOTAL

from ..detect import kind_in
from ..user_dirs import cache_folder


def unpack(path: Path) -> Path:
    """The folder of the cache that the zip file at `path` is unpacked in.

    An archive of one folder, as GitHub makes it, is that folder. Raises SourceError or HostilePatternError.
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
            hint="Make it again, without a password and with the usual compression.",
        ) from error
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() and not kind_in(folder) else folder


def _unpack(file: IO[bytes], path: Path, folder: Path) -> None:
    scratch = Path(mkdtemp(prefix="zip-", dir=folder.parent))
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > MAX_FILES:
                raise HostilePatternError(f"{path} has over {MAX_FILES} files")
            rest = MAX_TOTAL
            for member in members:
                rest -= _write(archive, member, scratch / "tree" / _checked(path, member), rest, path)
        (scratch / "tree").mkdir(exist_ok=True)
        (scratch / "tree").rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write(archive: ZipFile, member: ZipInfo, place: Path, rest: int, path: Path) -> int:
    """Write one member of at most `rest` bytes: what an archive says about its sizes may be a lie."""
    if member.is_dir():
        place.mkdir(parents=True, exist_ok=True)
        return 0
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as packed:
        content = packed.read(rest + 1)
    if len(content) > rest:
        raise HostilePatternError(f"{path} unpacks to over {MAX_TOTAL >> 20} MiB")
    with place.open("xb") as file:
        file.write(content)
    if member.external_attr >> 16 & 0o100:
        place.chmod(place.stat().st_mode | 0o111)
    return len(content)


def _checked(path: Path, member: ZipInfo) -> str:
    """The name of a member, if it is that of a plain file or folder inside the archive."""
    name = member.filename.rstrip("/")
    mode = member.external_attr >> 16
    parts = name.split("/")
    if (
        any(part in ("", ".", "..") or part.casefold() == ".git" for part in parts)
        or "\\" in name
        or any(unicodedata.category(letter)[0] == "C" for letter in name)
        or (stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR))
    ):
        raise HostilePatternError(f"{path} has {member.filename!r}, which is no plain file inside it")
    return name
