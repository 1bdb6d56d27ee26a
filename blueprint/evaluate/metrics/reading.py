"""Reads metrics from a server, or from a file as text or as JSON."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from ..errors import EvidenceError
from .exposition import series_in_text
from .series import Series, series_of_results
from .server import series_from_server

HINT = "Give a file as /metrics writes it, or an answer of /api/v1/query_range."


def read_series(source: str, names: Iterable[str]) -> list[Series]:
    """Return the series of some metrics at an address or in a file. Raises EvidenceError."""
    if source.startswith(("http://", "https://")):
        return list(series_from_server(source, names))
    wanted = set(names)
    return [series for series in _in_file(Path(source)) if series.name in wanted]


def _in_file(path: Path) -> list[Series]:
    try:
        content, time = path.read_bytes(), path.stat().st_mtime
    except OSError as error:
        raise EvidenceError(
            f"--prometheus {path}: {error.strerror}", hint="Check the path or the address."
        ) from error
    text = content.decode("utf-8", "replace")
    if not text.lstrip().startswith("{"):
        return list(series_in_text(text, time))
    try:
        return series_of_results(msgspec.json.decode(content)["data"]["result"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise EvidenceError(f"--prometheus {path}: this is no answer of Prometheus", hint=HINT) from error
