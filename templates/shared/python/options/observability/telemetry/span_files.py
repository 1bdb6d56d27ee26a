"""Files of trace spans on a development machine, one JSON object per line."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import StatusCode, format_span_id, format_trace_id

LIMIT = 16 * 1024 * 1024
"""Size in bytes at which a file replaces the previous one."""


class SpanFiles(SpanExporter):
    """Appends spans to `<service>.jsonl` in a folder that all processes of a shop can share.

    A full file becomes `<service>.old.jsonl`, so a service uses twice the limit at most.
    """

    def __init__(self, folder: Path, service: str) -> None:
        self._service = service
        self._path = folder / f"{service}.jsonl"
        self._old = folder / f"{service}.old.jsonl"
        self._encoder = msgspec.json.Encoder()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Append the spans in one write, so that lines of several processes do not mix."""
        lines = self._encoder.encode_lines([self._record(span) for span in spans])
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab", buffering=0) as file:
            file.write(lines)
            full = file.tell() > LIMIT
        # Another process may have replaced the file first.
        with suppress(FileNotFoundError):
            if full:
                self._path.replace(self._old)
        return SpanExportResult.SUCCESS

    def _record(self, span: ReadableSpan) -> dict[str, Any]:
        context = span.get_span_context()
        assert context is not None
        return {
            "trace": format_trace_id(context.trace_id),
            "span": format_span_id(context.span_id),
            "parent": format_span_id(span.parent.span_id) if span.parent else None,
            "service": self._service,
            "name": span.name,
            "kind": span.kind.name.lower(),
            "start": span.start_time,
            "end": span.end_time,
            "error": _error(span),
            "attributes": dict(span.attributes or {}),
            "events": [
                {"name": event.name, "time": event.timestamp, "attributes": dict(event.attributes or {})}
                for event in span.events
            ],
        }


def _error(span: ReadableSpan) -> str | None:
    if span.status.status_code is not StatusCode.ERROR:
        return None
    return span.status.description or str((span.attributes or {}).get("error.type", "error"))
