"""Traces: spans of requests, statements, calls, sagas and events."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec.structs import replace
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from starlette.types import ASGIApp, Receive, Scope, Send

from ..db.database import Database
from ..messaging.events import Event
from .settings import TelemetrySettings
from .span_files import SpanFiles
from .statements import TracedConnections

# Short, so that an order can be looked up right after it was placed.
FILES_DELAY_MILLISECONDS = 200
KEY = "event.key"
TYPE = "event.type"
tracer = trace.get_tracer("shop")


def start_tracing(app: ASGIApp, settings: TelemetrySettings, database: Database | None) -> ASGIApp:
    """Record spans as configured: FastAPI makes one for each request, `TracedConnections` one per statement.

    Return `app`, wrapped to flush the last spans when it shuts down; unchanged if tracing is off.
    """
    processor = _processor(settings)
    if processor is None:
        return app
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: settings.otel_service_name}))
    provider.add_span_processor(processor)
    trace.set_tracer_provider(provider)
    if database is not None:
        database.wrap_connections(TracedConnections)

    async def flushed(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        if scope["type"] == "lifespan":
            provider.shutdown()

    return flushed


def traceparent() -> str | None:
    """Return the current trace context (W3C), to be propagated; None outside a trace."""
    return _context_of(trace.get_current_span())


def note_event(type: str, key: str) -> None:
    """Note on the current span that it stores an event, by whose key the trace is found."""
    trace.get_current_span().add_event("event stored", {TYPE: type, KEY: key})


@contextmanager
def publishing(events: Sequence[Event], topic: str) -> Iterator[list[Event]]:
    """Trace the publication of events to a topic; yield them such that their consumers continue its spans."""
    spans = [
        tracer.start_span(
            f"send {event.type}",
            _parent(event.traceparent),
            SpanKind.PRODUCER,
            {TYPE: event.type, KEY: event.key, "messaging.destination.name": topic},
        )
        for event in events
    ]
    try:
        yield [
            replace(event, traceparent=_context_of(span)) for event, span in zip(events, spans, strict=True)
        ]
    except Exception as error:
        for span in spans:
            span.set_status(StatusCode.ERROR, str(error))
        raise
    finally:
        for span in spans:
            span.end()


@contextmanager
def delivering(event: Event) -> Iterator[None]:
    """Trace the delivery of an event, continuing the trace in which the event was created."""
    attributes = {"messaging.message.id": str(event.id), TYPE: event.type, KEY: event.key}
    with tracer.start_as_current_span(
        f"deliver {event.type}", _parent(event.traceparent), SpanKind.CONSUMER, attributes
    ):
        yield


@contextmanager
def calling(service: str, method: str) -> Iterator[None]:
    """Trace a request to another service."""
    with tracer.start_as_current_span(f"call {service} {method}", kind=SpanKind.CLIENT):
        yield


@contextmanager
def continuing(name: str, parent: str | None, key: str) -> Iterator[None]:
    """Trace work that continues the trace of an earlier request; `key` is that of its events."""
    with tracer.start_as_current_span(name, _parent(parent), attributes={KEY: key}):
        yield


def _processor(settings: TelemetrySettings) -> SpanProcessor | None:
    if settings.otel_exporter_otlp_endpoint:
        return BatchSpanProcessor(OTLPSpanExporter())
    if settings.traces_folder is not None:
        files = SpanFiles(settings.traces_folder, settings.otel_service_name)
        return BatchSpanProcessor(files, schedule_delay_millis=FILES_DELAY_MILLISECONDS)
    return None


def _parent(traceparent: str | None) -> Context:
    return propagate.extract({"traceparent": traceparent} if traceparent else {})


def _context_of(span: Span) -> str | None:
    if not span.get_span_context().is_valid:
        return None
    carrier: dict[str, str] = {}
    propagate.inject(carrier, trace.set_span_in_context(span))
    return carrier.get("traceparent")
