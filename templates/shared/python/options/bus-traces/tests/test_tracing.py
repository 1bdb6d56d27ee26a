"""Traces of published events."""

import msgspec
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from ....clock import now
from ....ids import new_id
from ...events import Event
from .. import tracing

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """The spans that have ended."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "tracer", provider.get_tracer("test"))
    return exporter


def event() -> Event:
    """Return an event of the trace."""
    data = msgspec.Raw(b"{}")
    return Event(id=new_id(), type="Counted", version=1, time=now(), key="a", traceparent=PARENT, data=data)


def test_consumers_continue_the_span_of_the_publication(spans: InMemorySpanExporter) -> None:
    """The span belongs to the trace in which the event was created, and ends with the publication."""
    with tracing.publishing([event()], "things.v1") as (published,):
        assert spans.get_finished_spans() == ()
    (span,) = spans.get_finished_spans()
    assert (span.name, span.attributes and span.attributes["messaging.destination.name"]) == (
        "send Counted",
        "things.v1",
    )
    assert published.traceparent == f"00-{TRACE}-{span.context.span_id:016x}-01"


def test_a_failed_publication_is_an_error_of_its_spans(spans: InMemorySpanExporter) -> None:
    """The error goes on to the caller."""
    with pytest.raises(OSError, match="down"), tracing.publishing([event()], "things.v1"):
        raise OSError("down")
    (span,) = spans.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "down")
