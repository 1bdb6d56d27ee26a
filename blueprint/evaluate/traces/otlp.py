"""Traces as OTLP in JSON: a document, or a line for each export as the collector's file exporter writes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .spans import KINDS, Kind, Span, kind_named


def otlp_spans(document: Mapping[str, Any]) -> Iterator[Span]:
    """Yield the spans of a document with `resourceSpans`, or with `batches` as Tempo names them."""
    for resource in document.get("resourceSpans") or document.get("batches") or ():
        service = str(
            _attributes((resource.get("resource") or {}).get("attributes")).get("service.name", "unknown")
        )
        for scope in resource.get("scopeSpans") or resource.get("instrumentationLibrarySpans") or ():
            for span in scope.get("spans") or ():
                yield Span(
                    str(span.get("traceId")),
                    str(span.get("spanId")),
                    str(span.get("parentSpanId") or ""),
                    service,
                    str(span.get("name")),
                    _kind(span.get("kind")),
                    _attributes(span.get("attributes")),
                )


def _kind(kind: Any) -> Kind:
    # In the protocol, 0 is unspecified and 1 internal; some exporters write the names.
    if isinstance(kind, int):
        return KINDS[kind - 1] if 1 <= kind <= len(KINDS) else "internal"
    return kind_named(str(kind).removeprefix("SPAN_KIND_"))


def _attributes(rows: Sequence[Mapping[str, Any]] | None) -> dict[str, Any]:
    return {str(row.get("key")): next(iter((row.get("value") or {}).values()), None) for row in rows or ()}
