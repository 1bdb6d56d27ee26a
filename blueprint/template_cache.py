"""Compiled templates: in a folder of the user, and in the wheel."""

import os
import stat
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

from jinja2 import Environment, FileSystemBytecodeCache, compiler
from jinja2.bccache import Bucket

from blueprint import __version__


class _ContentAddressedCache(FileSystemBytecodeCache):
    """Bytecode cache that finds templates by their content.

    Jinja's cache finds them by path, but a new version of a pattern has the same files at another path.
    """

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        checksum = self.get_source_checksum(source)
        bucket = Bucket(environment, self.get_cache_key(name, checksum), checksum)
        self.load_bytecode(bucket)
        if bucket.code is None:
            bucket.code = _shipped_code(bucket.key)
        if bucket.code and filename:
            # The cached code names the file that it was compiled from; errors must name this one.
            bucket.code = bucket.code.replace(co_filename=filename)
        return bucket

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write through a file that only this process uses, which is faster than Jinja's temporary file.

        If it cannot be written, the template is compiled again next time.
        """
        target = os.path.join(self.directory, self.pattern % (bucket.key,))
        draft = f"{target}.{os.getpid()}"
        try:
            with open(draft, "wb") as file:
                bucket.write_bytecode(file)
            os.replace(draft, target)
        except OSError:
            with suppress(OSError):
                os.unlink(draft)


COMPILED = Path(__file__).parent / "_compiled"
"""Folder in the wheel with templates of the built-in patterns as Python modules, which pip compiles.

They only save time. A checkout has none.
"""


def compiled_path(key: str) -> str:
    """Return the path below COMPILED of the module of a template, by its key in the bytecode cache.

    It contains the hash of Jinja's compiler: the modules of another one could mean something else.
    """
    return f"{_compiler_id()}/t{key}.py"


@cache
def _compiler_id() -> str:
    return sha256(Path(compiler.__file__).read_bytes()).hexdigest()[:16]


def _shipped_code(key: str) -> CodeType | None:
    path = COMPILED / compiled_path(key)
    return SourceFileLoader(path.stem, str(path)).get_code(path.stem) if path.is_file() else None


def bytecode_cache(kind: str) -> FileSystemBytecodeCache | None:
    """Return a cache in a folder that only this user can access, or None if there is no such folder.

    Cached bytecode is executed, so nobody else may be able to change it. Templates that environments with
    different settings compile are of a different `kind`.
    """
    folder = _cache_home() / "blueprint" / f"{kind}-{__version__}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except (OSError, RuntimeError):
        return None
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    return _ContentAddressedCache(str(folder)) if private and status.st_uid == os.getuid() else None


def _cache_home() -> Path:
    configured = os.environ.get("XDG_CACHE_HOME", "")
    return Path(configured) if os.path.isabs(configured) else Path.home() / ".cache"
