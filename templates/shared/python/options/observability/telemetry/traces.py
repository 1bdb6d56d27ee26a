"""Traces, sent to an OpenTelemetry collector."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Receive, Scope, Send

from ..db.database import Database
from ..messaging.events import Event
from .settings import TelemetrySettings
from .statements import TracedConnections

tracer = trace.get_tracer("shop")


def start_tracing(app: ASGIApp, settings: TelemetrySettings, database: Database | None) -> ASGIApp:
    """Send spans to the collector: FastAPI makes one for each request, `TracedConnections` one per statement.

    Return `app`, wrapped to flush the last spans when it shuts down.
    """
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: settings.otel_service_name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
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
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def delivering(event: Event) -> Iterator[None]:
    """Trace the delivery of an event, continuing the trace in which the event was created."""
    context = propagate.extract({"traceparent": event.traceparent} if event.traceparent else {})
    with tracer.start_as_current_span(f"deliver {event.type}", context, SpanKind.CONSUMER) as span:
        span.set_attribute("messaging.message.id", str(event.id))
        yield
