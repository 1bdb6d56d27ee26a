"""Traces as JSON of Jaeger: what its interface downloads and its API answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .spans import Span, kind_named


def jaeger_spans(document: Mapping[str, Any]) -> Iterator[Span]:
    """Yield the spans of a document with `data`."""
    for trace in document.get("data") or ():
        processes = trace.get("processes") or {}
        for span in trace.get("spans") or ():
            process = processes.get(span.get("processID")) or span.get("process") or {}
            tags = {str(tag.get("key")): tag.get("value") for tag in span.get("tags") or ()}
            yield Span(
                str(span.get("traceID")),
                str(span.get("spanID")),
                _parent(span.get("references") or ()),
                str(process.get("serviceName", "unknown")),
                str(span.get("operationName")),
                kind_named(tags.get("span.kind", "internal")),
                tags,
            )


def _parent(references: Sequence[Mapping[str, Any]]) -> str:
    # A span that only follows from another one, such as the handling of a message, names it just the same.
    children = [each for each in references if each.get("refType") == "CHILD_OF"] or references
    return str(children[0].get("spanID") or "") if children else ""
