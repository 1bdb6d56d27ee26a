"""Where compiled templates are kept between runs: code, so only this user may be able to write there."""

import os
import stat
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from blueprint import __version__


class _ByContent(FileSystemBytecodeCache):
    """Compiled templates by their content: the next version of a pattern is in another folder, and most of
    its files are the same."""

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        checksum = self.get_source_checksum(source)
        bucket = Bucket(environment, self.get_cache_key(name, checksum), checksum)
        self.load_bytecode(bucket)
        if bucket.code and filename:
            bucket.code = bucket.code.replace(co_filename=filename)
        return bucket


def bytecode_cache() -> FileSystemBytecodeCache | None:
    """A cache in a folder that is this user's alone, or None when there can be no such folder."""
    folder = _cache_home() / "blueprint" / f"templates-{__version__}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except (OSError, RuntimeError):
        return None
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    return _ByContent(str(folder)) if private and status.st_uid == os.getuid() else None


def _cache_home() -> Path:
    configured = os.environ.get("XDG_CACHE_HOME", "")
    return Path(configured) if os.path.isabs(configured) else Path.home() / ".cache"
