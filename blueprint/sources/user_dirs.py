"""The user's folders: what is fetched goes into the cache, what is chosen into the configuration."""

import os
import stat
from pathlib import Path

from blueprint.errors import DiskError


def cache_folder() -> Path:
    """Where fetched sources are kept: a folder that is this user's alone. Raises DiskError."""
    return _private(_home("XDG_CACHE_HOME", ".cache") / "blueprint" / "sources")


def config_folder() -> Path:
    """Where the user's patterns and trusted sources are listed. It may not exist yet."""
    return _home("XDG_CONFIG_HOME", ".config") / "blueprint"


def write_private(path: Path, content: bytes) -> None:
    """Write a file of the user's configuration so that it is there whole or not at all. Raises DiskError."""
    _private(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise DiskError(f"cannot write {path}: {error.strerror}") from error


def _home(variable: str, default: str) -> Path:
    """A folder of the XDG base directory specification, which says to ignore relative paths."""
    configured = os.environ.get(variable, "")
    return Path(configured) if os.path.isabs(configured) else Path.home() / default


def _private(folder: Path) -> Path:
    """`folder`, made if it is not there. Others must not be able to change what will be rendered and run."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError as error:
        raise DiskError(f"cannot use {folder}: {error.strerror}") from error
    if status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise DiskError(f"{folder} can be changed by others", hint="Make it yours alone: chmod go-w.")
    return folder
