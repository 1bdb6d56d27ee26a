"""Reads a file of traces in either format."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..errors import EvidenceError
from .jaeger import jaeger_spans
from .otlp import otlp_spans
from .spans import Span

HINT = "Give traces as JSON of OTLP (the collector's file exporter) or of Jaeger (Download Results)."


def read_spans(path: Path) -> list[Span]:
    """Return the spans in a file. Raises EvidenceError if it has none."""
    spans = [span for document in _documents(path) for span in _spans(path, document)]
    if not spans:
        raise EvidenceError(f"{path}: there is no span", hint=HINT)
    return spans


def _documents(path: Path) -> Iterator[Any]:
    try:
        content = path.read_bytes()
        content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    except (OSError, EOFError) as error:
        message = getattr(error, "strerror", None) or "the file is cut off"
        raise EvidenceError(f"{path}: {message}", hint="Check the path of the traces.") from error
    try:
        yield msgspec.json.decode(content)
        return
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            try:
                yield msgspec.json.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise EvidenceError(f"{path} line {number}: this is not JSON", hint=HINT) from error


def _spans(path: Path, document: Any) -> Iterator[Span]:
    try:
        yield from (jaeger_spans if "data" in document else otlp_spans)(document)
    except (AttributeError, TypeError) as error:
        raise EvidenceError(f"{path}: this is neither OTLP nor Jaeger", hint=HINT) from error
