"""Layers of an untrusted pattern: find and read their files safely, and replace literal texts in them."""

import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from blueprint.errors import HostilePatternError, PatternError, RenderError
from blueprint.patterns import Layer, Pattern
from blueprint.patterns.model import IncludedLayer

PARTS = "_parts"
"""The folder of fragments for `include`; it is never written to a project."""

SUFFIX = ".jinja"
"""Ending of the files that are templates; the rendered file has the name without it."""

MAX_FILE = 16 << 20
"""Maximum size of a file in a pattern, in bytes."""

_NOTHING = r"(?!)"
"""Regular expression that matches nowhere."""

_CACHES = frozenset(
    {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".DS_Store"}
)


@dataclass(frozen=True, slots=True)
class LayerFile:
    """A file of a layer; `path` is POSIX and relative to the layer's folder."""

    path: str
    location: Path
    executable: bool


def layer_folder(pattern: Pattern, layer: Layer) -> Path:
    """Return the folder of `layer`. Raises PatternError if it is missing or outside the pattern's root."""
    owner = layer if isinstance(layer, IncludedLayer) else pattern
    folder, root = Path(os.path.normpath(owner.folder / layer.source)), owner.root
    if not folder.is_relative_to(root) or not folder.resolve().is_relative_to(root.resolve()):
        raise HostilePatternError(f"the layer {layer.source!r} of {pattern.name} is outside {root}")
    if not folder.is_dir():
        raise PatternError(
            f"the layer {layer.source!r} of {pattern.name}: no such folder: {folder}",
            hint="Correct `from`, or create the folder.",
        )
    return folder


def layer_depth(layer: Layer) -> int:
    """Return how many patterns stand between the rendered one and `layer`; 0 for its own layers."""
    return layer.depth if isinstance(layer, IncludedLayer) else 0


def layer_files(folder: Path, only: Collection[str] = ()) -> Iterator[LayerFile]:
    """Iterate over the files below `folder` that become project files, sorted by name.

    Fragments are left out, but checked as well. `only` names the files and folders that are taken; without
    it, all are. Raises HostilePatternError, and PatternError if a name is that of no file or folder.
    """
    return taken_files(folder, all_files(folder), only)


def taken_files(folder: Path, sources: Iterable[LayerFile], only: Collection[str]) -> Iterator[LayerFile]:
    """Iterate over those of a layer's files that become project files; like `layer_files`."""
    missing = set(only)
    for source in sources:
        names = {source.path, *map(str, PurePosixPath(source.path).parents)} & set(only)
        missing -= names
        if (names or not only) and PARTS not in source.path.split("/"):
            yield source
    if missing:
        raise PatternError(
            f"`only` names {', '.join(sorted(missing))}, which {folder} does not have",
            hint="Correct the name, or remove it.",
        )


def all_files(folder: Path) -> Iterator[LayerFile]:
    """Iterate over all files of a pattern below `folder`, with fragments. Raises HostilePatternError."""
    return _walk(folder, "")


def read_layer_file(source: LayerFile) -> bytes:
    """Return the bytes of a layer's file. Raises RenderError."""
    try:
        return source.location.read_bytes()
    except OSError as error:
        raise RenderError(f"cannot read {source.location}: {error.strerror}") from error


def _walk(folder: Path, prefix: str) -> Iterator[LayerFile]:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        raise RenderError(f"cannot read {folder}: {error.strerror}") from error
    for entry in entries:
        if entry.name in _CACHES or entry.name.endswith(".pyc"):
            continue
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
        elif not stat.S_ISREG(status.st_mode):
            raise HostilePatternError(
                f"{entry.path} is a link or a device; a pattern may contain only regular files"
            )
        elif status.st_size > MAX_FILE:
            raise HostilePatternError(f"{entry.path} is larger than {MAX_FILE >> 20} MiB")
        else:
            yield LayerFile(f"{prefix}{entry.name}", Path(entry.path), bool(status.st_mode & 0o100))


class Replacements:
    """Replaces texts by others in one pass: the longest one at each place, from left to right.

    What was inserted is not searched again. So the result does not depend on the order of the texts.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        longest_first = sorted(values, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, longest_first)) or _NOTHING)

    def in_text(self, text: str) -> str:
        """Return `text` with every text replaced."""
        return self._any.sub(lambda match: self._values[match[0]], text)

    def in_content(self, content: bytes) -> bytes:
        """Return the content of a file with every text replaced, or unchanged if the file is not text."""
        text = text_of(content) if self._values else None
        return content if text is None else self.in_text(text).encode()

    def found_in(self, text: str) -> set[str]:
        """Return the texts that would be replaced in `text`."""
        return {match[0] for match in self._any.finditer(text)}


def text_of(content: bytes) -> str | None:
    """Return a copied file as text; None if it is not UTF-8 or contains a NUL byte.

    Binary formats store lengths and checksums, which a replacement would make wrong.
    """
    try:
        return None if b"\0" in content else content.decode("utf-8")
    except UnicodeDecodeError:
        return None
