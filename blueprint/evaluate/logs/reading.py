"""Reads access logs, also compressed ones, in pieces of whole lines."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from ..errors import EvidenceError

PIECE = 1 << 18
"""Bytes that are read at once; a longer line is a broken one."""

HEAD = 1 << 16
"""Bytes at the beginning of a log that decide on its format."""

_GZIP = b"\x1f\x8b"


class LogReader:
    """Pieces of a log. `cut_off` says whether a compressed log ended too early."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.cut_off = False
        self.read = 0
        """Bytes read so far, after decompression."""

    def head(self) -> bytes:
        """Return the first lines. Raises EvidenceError if the log cannot be read or is empty."""
        piece = next(self.pieces(HEAD), b"")
        self.read = 0
        if not piece.strip():
            problem = "the compressed log is damaged" if self.cut_off else "the log is empty"
            raise EvidenceError(f"{self._path}: {problem}", hint="Name a log with requests.")
        return piece

    def pieces(self, size: int = PIECE) -> Iterator[bytes]:
        """Yield whole lines, about `size` bytes at a time. Raises EvidenceError if the log cannot be read."""
        rest = b""
        try:
            with self._open() as file:
                while piece := self._next(file, size):
                    self.read += len(piece)
                    lines, newline, tail = piece.rpartition(b"\n")
                    if newline:
                        yield rest + lines + newline
                        rest = tail
                    else:
                        # Without a line break in a whole piece, the line is broken; it counts once.
                        rest = (rest + tail)[-size:]
        except OSError as error:
            hint = "Check the path of the access log."
            raise EvidenceError(f"{self._path}: {error.strerror or error}", hint=hint) from error
        if rest:
            yield rest + b"\n"

    def _open(self) -> BinaryIO:
        file = self._path.open("rb")
        if file.read(len(_GZIP)) == _GZIP:
            file.close()
            return cast(BinaryIO, gzip.open(self._path))
        file.seek(0)
        return file

    def _next(self, file: BinaryIO, size: int) -> bytes:
        try:
            return file.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self.cut_off = True
            return b""
