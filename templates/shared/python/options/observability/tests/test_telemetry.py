"""Tests of metrics, traces and logs."""

import asyncio
import json
import logging.config
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx2
import msgspec
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.types import ASGIApp, Message

from ..cache import Cache
from ..cache.store import NoStore
from ..clock import now
from ..db.connections import Connection
from ..db.database import Database, schema_of
from ..http.context import request_id
from ..ids import new_id
from ..messaging.events import Event
from ..messaging.outbox import Backlog, Outbox
from ..serving.program import GaugeSource, MetricSources
from ..telemetry import counters, metrics
from ..telemetry.instrument import instrument
from ..telemetry.logs import logging_config
from ..telemetry.settings import TelemetrySettings
from ..telemetry.traces import continuing, delivering, traceparent

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def application(database: Database) -> FastAPI:
    """Return an application with routes that query the database; the first one returns its trace context."""
    app = FastAPI(telemetry={"operation_spans": False})

    @app.get("/things/{name}")
    async def thing(name: str) -> str | None:
        async with database.reading() as connection:
            await connection.execute(sa.text("SELECT 1"))
        return traceparent()

    return app


def client_of(app: ASGIApp) -> httpx2.AsyncClient:
    """Return a client that calls `app` in the test's event loop, to which database connections belong."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


async def run_lifespan(app: ASGIApp) -> None:
    """Start and stop `app` as a server does."""
    messages = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> Message:
        return {"type": next(messages)}

    async def send(_: Message) -> None:
        pass

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """The address of a collector, and the names of the spans that it received: `stray` in another trace."""
    spans: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    spans.extend(
                        span.name if span.trace_id.hex() == TRACE else "stray" for span in scope.spans
                    )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
    yield address, spans
    server.shutdown()
    thread.join()
    server.server_close()


async def test_metrics_are_labeled_with_routes_and_known_methods(database: Database) -> None:
    app = instrument(application(database), TelemetrySettings(), MetricSources(database, Cache(NoStore())))
    async with client_of(app) as client:
        assert (await client.get("/things/a")).json() is None
        await client.get("/things/b")
        await client.get("/nowhere")
        for method in ("BREW", "WHEN"):
            await client.request(method, "/things/a")
        text = (await client.get("/metrics")).text
    assert 'duration_seconds_count{method="GET",route="/things/{name}",status="200"} 2.0' in text
    assert 'duration_seconds_count{method="_OTHER",route="/things/{name}",status="405"} 2.0' in text
    assert 'duration_seconds_count{method="GET",route="unmatched",status="404"} 1.0' in text
    assert 'cache_fetches{source="load"} 0.0' in text
    assert "/things/a" not in text


async def test_metrics_are_served_while_the_database_is_down(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = Outbox(schema_of("orders"))
    app = instrument(application(database), TelemetrySettings(), MetricSources(database, None, [outbox]))

    async def down(connection: Connection) -> Backlog:
        raise OSError("the database is down")

    async with client_of(app) as client:
        await client.get("/things/a")
        monkeypatch.setattr(outbox, "backlog", down)
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert 'duration_seconds_count{method="GET",route="/things/{name}",status="200"} 1.0' in answer.text
    assert "outbox_waiting{" not in answer.text


async def test_metrics_tell_how_long_the_oldest_event_waits(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = Outbox(schema_of("orders"))
    app = instrument(application(database), TelemetrySettings(), MetricSources(database, None, [outbox]))

    async def waiting(connection: Connection) -> Backlog:
        return Backlog(3, 1, now() - timedelta(seconds=90))

    monkeypatch.setattr(outbox, "backlog", waiting)
    async with client_of(app) as client:
        lines = (await client.get("/metrics")).text.splitlines()
    assert 'outbox_waiting{outbox="orders"} 3.0' in lines
    assert 'outbox_dead_letters{outbox="orders"} 1.0' in lines
    assert any(line.startswith('outbox_oldest_seconds{outbox="orders"} 9') for line in lines)


async def test_metrics_count_what_the_business_does() -> None:
    gifts = counters.counter("gifts", "Gifts.", ("state", "reason"))
    app = instrument(FastAPI(), TelemetrySettings(), MetricSources())
    async with client_of(app) as client:
        gifts.labels("CONFIRMED", "").inc()
        gifts.labels("REJECTED", "timeout").inc()
        lines = (await client.get("/metrics")).text.splitlines()
    counters.REGISTRY.unregister(gifts)
    assert 'gifts_total{reason="",state="CONFIRMED"} 1.0' in lines
    assert 'gifts_total{reason="timeout",state="REJECTED"} 1.0' in lines


async def test_a_trace_covers_request_statement_and_event(
    database: Database, collector: tuple[str, list[str]]
) -> None:
    address, spans = collector
    settings = TelemetrySettings(otel_exporter_otlp_endpoint=address)
    app = instrument(application(database), settings, MetricSources(database, Cache(NoStore())))
    async with database.reading() as connection:
        # Background work, such as a relay that polls, makes no traces.
        await connection.execute(sa.text("SELECT 2"))
    async with client_of(app) as client:
        current = (await client.get("/things/a", headers={"traceparent": PARENT})).json()
        assert current.split("-")[1] == TRACE
        event = Event(
            id=new_id(),
            type="Counted",
            version=1,
            time=now(),
            key="a",
            traceparent=current,
            data=msgspec.Raw(b"{}"),
        )
        with delivering(event), continuing("count", traceparent(), "a"):
            assert str(traceparent()).split("-")[1] == TRACE
    await run_lifespan(app)
    assert sorted(spans) == ["GET /things/{name}", "SELECT", "count", "deliver Counted"]


def test_a_log_line_is_one_json_object_with_the_request_id(tmp_path: Path) -> None:
    path = tmp_path / "log"
    config = logging_config(TelemetrySettings())
    config["handlers"]["out"] = {"class": "logging.FileHandler", "filename": path, "formatter": "json"}
    config["loggers"]["test.telemetry"] = {"handlers": ["out"], "propagate": False}
    config["root"]["handlers"] = []
    logging.config.dictConfig(config)
    token = request_id.set("the-request")
    try:
        raise ValueError("odd")
    except ValueError:
        logging.getLogger("test.telemetry").exception("It %s", "failed")
    finally:
        request_id.reset(token)
    (line,) = path.read_text().splitlines()
    record = json.loads(line)
    assert (record["event"], record["level"], record["request_id"]) == ("It failed", "error", "the-request")
    assert "ValueError: odd" in record["exception"]


async def test_a_gauge_is_current_or_missing_and_never_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: asyncio.Queue[float | Exception] = asyncio.Queue()

    async def read() -> Mapping[str, float]:
        answer = await answers.get()
        if isinstance(answer, Exception):
            raise answer
        return {"payments": answer}

    monkeypatch.setattr(metrics, "GAUGE_TIMEOUT_SECONDS", 0.05)
    source = GaugeSource("bus_lag", "Events that wait.", "group", read)
    app = instrument(FastAPI(), TelemetrySettings(), MetricSources(gauge_sources=[source]))
    async with client_of(app) as client:

        async def gauge_lines() -> list[str]:
            lines = (await client.get("/metrics")).text.splitlines()
            return [line for line in lines if line.startswith("bus_lag")]

        answers.put_nowait(7)
        assert await gauge_lines() == ['bus_lag{group="payments"} 7.0']
        answers.put_nowait(ConnectionError("the broker is down"))
        assert await gauge_lines() == []
        # Nothing answers in time; the read continues, and the next scrape gets its result.
        assert await gauge_lines() == []
        answers.put_nowait(8)
        assert await gauge_lines() == ['bus_lag{group="payments"} 8.0']
