"""Traces, sent to an OpenTelemetry collector."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from sqlalchemy import event as hooks
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..database import Database
from ..events import Event
from .settings import TelemetrySettings

tracer = trace.get_tracer("shop")


def trace_requests(app: ASGIApp, settings: TelemetrySettings, database: Database) -> ASGIApp:
    """Return `app` with a span for each request, and one in it for each statement."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: settings.otel_service_name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    _trace_statements(database)

    async def traced(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            provider.shutdown()
            return
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        context = propagate.extract(carrier)
        with tracer.start_as_current_span(scope["method"], context, SpanKind.SERVER) as span:
            span.set_attribute("http.request.method", scope["method"])
            span.set_attribute("url.path", scope["path"])

            async def send_noting_status(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _name_span(span, scope, message["status"])
                await send(message)

            await app(scope, receive, send_noting_status)

    return traced


def traceparent() -> str | None:
    """Return the current trace context (W3C), to be continued elsewhere; None outside a trace."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def delivering(event: Event) -> Iterator[None]:
    """Surround the delivery of an event; it continues the trace in which the event was made."""
    context = propagate.extract({"traceparent": event.traceparent} if event.traceparent else {})
    with tracer.start_as_current_span(f"deliver {event.type}", context, SpanKind.CONSUMER) as span:
        span.set_attribute("messaging.message.id", str(event.id))
        yield


def _name_span(span: Span, scope: Scope, status: int) -> None:
    route = getattr(scope.get("route"), "path", None)
    if route is not None:
        span.update_name(f"{scope['method']} {route}")
        span.set_attribute("http.route", route)
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_status(StatusCode.ERROR)


def _trace_statements(database: Database) -> None:
    engine = database.engine.sync_engine

    @hooks.listens_for(engine, "before_cursor_execute")
    def start(_c: Any, _cursor: Any, statement: str, _p: Any, context: Any, _many: bool) -> None:
        context.span = tracer.start_span(statement.split(maxsplit=1)[0], kind=SpanKind.CLIENT)
        context.span.set_attribute("db.query.text", statement)

    @hooks.listens_for(engine, "after_cursor_execute")
    def end(_c: Any, _cursor: Any, _statement: str, _p: Any, context: Any, _many: bool) -> None:
        context.span.end()

    @hooks.listens_for(engine, "handle_error")
    def fail(failure: Any) -> None:
        span = getattr(failure.execution_context, "span", None)
        if span is not None:
            span.set_status(StatusCode.ERROR, str(failure.original_exception))
            span.end()
