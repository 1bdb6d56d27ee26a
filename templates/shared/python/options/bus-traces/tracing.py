"""Traces of published events."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec.structs import replace
from opentelemetry.trace import SpanKind, StatusCode

from ...telemetry.traces import KEY, TYPE, context_in, traceparent_of, tracer
from ..events import Event


@contextmanager
def publishing(events: Sequence[Event], topic: str) -> Iterator[list[Event]]:
    """Trace the publication of events to a topic; yield them such that their consumers continue its spans."""
    spans = [
        tracer.start_span(
            f"send {event.type}",
            context_in(event.traceparent),
            SpanKind.PRODUCER,
            {TYPE: event.type, KEY: event.key, "messaging.destination.name": topic},
        )
        for event in events
    ]
    try:
        contexts = map(traceparent_of, spans)
        yield [replace(event, traceparent=each) for event, each in zip(events, contexts, strict=True)]
    except Exception as error:
        for span in spans:
            span.set_status(StatusCode.ERROR, str(error))
        raise
    finally:
        for span in spans:
            span.end()
