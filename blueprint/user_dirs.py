"""Folders of the user: the cache for fetched sources, the configuration, and unfinished work."""

import os
import stat
from pathlib import Path

from blueprint.errors import DiskError


def cache_home() -> Path:
    """Return the folder for what can be made again; it may not exist yet."""
    return _home("XDG_CACHE_HOME", ".cache") / "blueprint"


def cache_folder() -> Path:
    """Return the folder for fetched sources, to which only this user can write. Raises DiskError."""
    return _private(cache_home() / "sources")


def config_folder() -> Path:
    """Return the folder for the lists of added patterns and trusted sources; it may not exist yet."""
    return _home("XDG_CONFIG_HOME", ".config") / "blueprint"


def state_folder() -> Path:
    """Return the folder for what a later command may go on with; it may not exist yet."""
    return _home("XDG_STATE_HOME", ".local/state") / "blueprint"


def write_private(path: Path, content: bytes) -> None:
    """Write a configuration file atomically, readable only by this user. Raises DiskError."""
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
    """Return a folder of the XDG Base Directory Specification, which says to ignore relative paths."""
    configured = os.environ.get(variable, "")
    return Path(configured) if os.path.isabs(configured) else Path.home() / default


def _private(folder: Path) -> Path:
    """Create `folder` if it is missing, and check that others cannot change what will be rendered and run."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError as error:
        raise DiskError(f"cannot use {folder}: {error.strerror}") from error
    if status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise DiskError(
            f"other users can change {folder}", hint="Make sure that you own it, and run chmod go-w on it."
        )
    return folder
