"""Traces: spans of requests, statements, calls, sagas and events."""

from contextlib import AbstractContextManager

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind
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
    return traceparent_of(trace.get_current_span())


def note_event(type: str, key: str) -> None:
    """Note on the current span that it stores an event, by whose key the trace is found."""
    trace.get_current_span().add_event("event stored", {TYPE: type, KEY: key})


def delivering(event: Event) -> AbstractContextManager[object]:
    """Trace the delivery of an event, continuing the trace in which the event was created."""
    attributes = {"messaging.message.id": str(event.id), TYPE: event.type, KEY: event.key}
    parent = context_in(event.traceparent)
    return tracer.start_as_current_span(f"deliver {event.type}", parent, SpanKind.CONSUMER, attributes)


def calling(service: str, method: str) -> AbstractContextManager[object]:
    """Trace a request to another service."""
    return tracer.start_as_current_span(f"call {service} {method}", kind=SpanKind.CLIENT)


def continuing(name: str, parent: str | None, key: str) -> AbstractContextManager[object]:
    """Trace work that continues the trace of an earlier request; `key` is that of its events."""
    return tracer.start_as_current_span(name, context_in(parent), attributes={KEY: key})


def context_in(traceparent: str | None) -> Context:
    """Return the trace context that was propagated."""
    return propagate.extract({"traceparent": traceparent} if traceparent else {})


def traceparent_of(span: Span) -> str | None:
    """Return the trace context (W3C) of what a span causes; None if nothing is traced."""
    if not span.get_span_context().is_valid:
        return None
    carrier: dict[str, str] = {}
    propagate.inject(carrier, trace.set_span_in_context(span))
    return carrier.get("traceparent")


def _processor(settings: TelemetrySettings) -> SpanProcessor | None:
    if settings.otel_exporter_otlp_endpoint:
        return BatchSpanProcessor(OTLPSpanExporter())
    if settings.traces_folder is not None:
        files = SpanFiles(settings.traces_folder, settings.otel_service_name)
        return BatchSpanProcessor(files, schedule_delay_millis=FILES_DELAY_MILLISECONDS)
    return None
