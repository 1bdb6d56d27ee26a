"""Metrics of Prometheus with known rates: from a server, as JSON and as text."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from blueprint.evaluate.errors import EvidenceError
from blueprint.evaluate.evidence import Evidence
from blueprint.evaluate.metrics.measure import read_metrics

HOURS = 48
MONTH_HOURS = 365.25 / 12 * 24


def rows() -> list[dict[str, Any]]:
    """Return two topics with 30 messages a second together, a restart, and a database that grows."""
    times = [1_767_225_600 + 3_600 * hour for hour in range(HOURS)]
    orders = [[time, str(36_000 * number)] for number, time in enumerate(times)]
    # The second broker restarts: its counter begins again, and has 72,000 an hour after that.
    carts = [[time, str(72_000 * (number % 24 + 1))] for number, time in enumerate(times)]
    size = [[time, str(10e9 + 1e8 * number)] for number, time in enumerate(times)]
    lag = [[time, "7"] for time in times]
    events = "kafka_server_brokertopicmetrics_messagesin_total"
    return [
        {"metric": {"__name__": events, "topic": "orders"}, "values": orders},
        {"metric": {"__name__": events, "topic": "carts"}, "values": carts},
        {"metric": {"__name__": "pg_database_size_bytes", "datname": "shop"}, "values": size},
        {
            "metric": {"__name__": "pg_database_size_bytes", "datname": "template1"},
            "values": [[times[0], "9e9"]],
        },
        {"metric": {"__name__": "kafka_consumergroup_lag", "consumergroup": "mail"}, "values": lag},
    ]


class _Prometheus(BaseHTTPRequestHandler):
    """Answers queries for a metric with the rows of its name."""

    def do_GET(self) -> None:
        (name,) = parse_qs(urlsplit(self.path).query)["query"]
        result = [row for row in rows() if row["metric"]["__name__"] == name]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"status": "success", "data": {"result": result}}).encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Log nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """Run a server that answers like Prometheus, and yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Prometheus) as running:
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


def check(evidence: Evidence) -> None:
    """Check the known figures."""
    measured = {each.input: each for each in evidence.measurements}
    assert measured["events_per_s"].estimate == pytest.approx(30, rel=0.02)
    assert measured["data_gb"].estimate == pytest.approx(10 + 0.1 * (HOURS - 1))
    assert measured["growth_gb_month"].estimate == pytest.approx(0.1 * MONTH_HOURS, rel=0.02)
    assert [fact.value for fact in evidence.facts] == ["mail 7 messages"]


def test_a_server_is_asked_for_the_known_metrics(server: str) -> None:
    """Rates, size, growth and lag come from the HTTP API of a server."""
    check(read_metrics(server))


def test_an_answer_of_the_server_is_read_from_a_file(tmp_path: Path) -> None:
    """A saved answer of query_range gives the same."""
    path = tmp_path / "metrics.json"
    path.write_text(json.dumps({"status": "success", "data": {"resultType": "matrix", "result": rows()}}))
    check(read_metrics(str(path)))


def test_text_shows_sizes_but_no_rate(tmp_path: Path) -> None:
    """What an exporter writes is a single reading: it has the size, and a note about the rate."""
    path = tmp_path / "metrics"
    path.write_text(
        "# HELP pg_database_size_bytes Disk space\n# TYPE pg_database_size_bytes gauge\n"
        'pg_database_size_bytes{datname="shop"} 2.5e+09\npg_database_size_bytes{datname="postgres"} 7e+06\n'
        'kafka_topic_partition_current_offset{topic="a\\"b}"} 12 1767225600000\nbroken{ 1\nnothing NaN\n'
    )
    evidence = read_metrics(str(path))
    assert [(each.input, each.estimate) for each in evidence.measurements] == [("data_gb", 2.5)]
    assert "no rate" in evidence.notes[0]


@pytest.mark.parametrize("source", ["http://127.0.0.1:9/", "missing.txt", "{}"])
def test_a_source_without_metrics_is_a_clear_error(source: str, tmp_path: Path) -> None:
    """A server that is not there, a missing file and other JSON are one error."""
    if source == "{}":
        path = tmp_path / "metrics.json"
        path.write_text(source)
        source = str(path)
    with pytest.raises(EvidenceError, match="--prometheus"):
        read_metrics(source)
