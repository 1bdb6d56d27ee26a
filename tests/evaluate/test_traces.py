"""Traces with known calls, in the JSON of OTLP and of Jaeger."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from blueprint.evaluate.errors import EvidenceError
from blueprint.evaluate.evidence import Evidence
from blueprint.evaluate.traces.measure import read_traces


class Step(NamedTuple):
    """A span of a trace: its place is its id, and `parent` the place of another one."""

    service: str
    name: str
    kind: str
    parent: int | None = None
    attributes: dict[str, str] | None = None

    def given(self) -> list[tuple[str, str]]:
        """Return the attributes."""
        return [*(self.attributes or {}).items()]


def query(statement: str, database: str) -> dict[str, str]:
    """Return the attributes of a statement."""
    return {"db.system": "postgresql", "db.name": database, "db.statement": statement}


ORDER = (
    Step("gateway", "POST /orders", "server"),
    Step("gateway", "POST", "client", 0),
    Step("orders", "POST /orders", "server", 1),
    Step("orders", "insert", "client", 2, query('INSERT INTO "orders" VALUES ($1)', "shop")),
    Step("orders", "POST /reservations", "client", 2),
    Step("inventory", "POST /reservations", "server", 4),
    Step("inventory", "update", "client", 5, query("UPDATE stock SET n = 1", "shop")),
    Step("inventory", "GET /wallet", "client", 5),
    Step("payments", "GET /wallet", "server", 7),
    Step("payments", "select", "client", 8, query("SELECT * FROM orders JOIN wallets USING (id)", "shop")),
    Step("orders", "orders publish", "producer", 2, {"messaging.destination.name": "orders"}),
    Step("mail", "orders process", "consumer", 10, {"messaging.destination.name": "orders"}),
    Step("mail", "insert", "client", 11, query("INSERT INTO mails VALUES ($1)", "mail")),
    Step("search", "orders process", "consumer", 10, {"messaging.destination.name": "orders"}),
)
VIEW = (
    Step("gateway", "GET /products", "server"),
    *(Step("gateway", "GET", "client", 0) for _ in range(6)),
    *(Step("catalog", "GET /price", "server", call + 1) for call in range(6)),
)


def otlp(traces: Sequence[Sequence[Step]]) -> str:
    """Return traces as the collector's file exporter writes them: a line for each."""
    kinds = ["", "internal", "server", "client", "producer", "consumer"]
    lines = []
    for number, steps in enumerate(traces):
        resources = [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": step.service}}]},
                "scopeSpans": [{"spans": [{
                    "traceId": f"{number:032x}", "spanId": f"{place:016x}", "name": step.name,
                    "parentSpanId": "" if step.parent is None else f"{step.parent:016x}",
                    "kind": kinds.index(step.kind),
                    "attributes": [{"key": k, "value": {"stringValue": v}} for k, v in step.given()],
                }]}],
            }
            for place, step in enumerate(steps)
        ]  # fmt: skip
        lines.append(json.dumps({"resourceSpans": resources}))
    return "\n".join(lines)


def jaeger(traces: Sequence[Sequence[Step]]) -> str:
    """Return traces as Jaeger's interface downloads them."""
    data = []
    for number, steps in enumerate(traces):
        spans: list[dict[str, Any]] = []
        for place, step in enumerate(steps):
            kind = "FOLLOWS_FROM" if step.kind == "consumer" else "CHILD_OF"
            spans.append({
                "traceID": f"{number:x}", "spanID": f"{place:x}",
                "operationName": step.name, "processID": step.service,
                "references": [{"refType": kind, "spanID": f"{step.parent:x}"}] if place else [],
                "tags": [{"key": "span.kind", "value": step.kind}]
                + [{"key": k, "value": v} for k, v in step.given()],
            })  # fmt: skip
        processes = {step.service: {"serviceName": step.service} for step in steps}
        data.append({"spans": spans, "processes": processes})
    return json.dumps({"data": data})


FORMS = {"otlp": otlp, "jaeger": jaeger}


def read(folder: Path, form: str, traces: Sequence[Sequence[Step]], rate: float | None = None) -> Evidence:
    """Write traces in a form and read them."""
    path = folder / "traces.json"
    path.write_text(FORMS[form](traces))
    return read_traces(path, rate)


@pytest.mark.parametrize("form", FORMS)
def test_needs_follow_from_traces(form: str, tmp_path: Path) -> None:
    """Consumers, events and commits across services are counted in both forms."""
    evidence = read(tmp_path, form, [ORDER] * 10 + [VIEW] * 30, rate=40)
    measured = {each.input: each for each in evidence.measurements}
    assert (measured["consumers"].estimate, measured["consumers"].low) == (2, 1)
    assert measured["events_per_s"].estimate == pytest.approx(10)
    # Each service commits on its own: only people know whether all must commit at once.
    assert (measured["cross_module_tx"].estimate, measured["cross_module_tx"].high) == ("some", "many")
    assert evidence.pattern == "microservices"


@pytest.mark.parametrize("form", FORMS)
def test_weaknesses_are_found_with_their_evidence(form: str, tmp_path: Path) -> None:
    """A shared table, a long chain, a chatty pair and a commit across services are findings."""
    findings = read(tmp_path, form, [ORDER] * 10 + [VIEW] * 30).findings
    assert {(each.kind, each.text) for each in findings} == {
        ("shared table", "shop/orders is used by 2 services."),
        ("synchronous chain", "gateway > orders > inventory > payments wait for each other."),
        ("chatty pair", "gateway calls catalog 6.0 times in a request."),
        ("commit across services", "inventory, orders write in the same request."),
    }


def test_a_single_service_is_a_monolith_without_findings(tmp_path: Path) -> None:
    """Traces of one service show no calls, no commits across services and no weakness."""
    steps = (
        Step("shop", "POST /orders", "server"),
        Step("shop", "q", "client", 0, query("update stock set n = 1", "shop")),
    )
    evidence = read(tmp_path, "otlp", [steps] * 3, rate=5)
    assert (evidence.pattern, evidence.findings, evidence.measurements) == ("monolith", (), ())


def test_mostly_messages_are_event_driven(tmp_path: Path) -> None:
    """Services that mostly send messages are event-driven."""
    steps = (
        Step("a", "x", "server"),
        Step("a", "t", "producer", 0, {"messaging.destination": "t"}),
        Step("b", "t", "consumer", 1, {"messaging.destination": "t"}),
    )
    assert read(tmp_path, "jaeger", [steps]).pattern == "event-driven"


def test_spans_that_name_each_other_as_parent_end(tmp_path: Path) -> None:
    """Broken traces, in which spans are each other's parents, do not hang."""
    assert read(tmp_path, "otlp", [(Step("a", "x", "server", 1), Step("b", "y", "server", 0))]).facts


@pytest.mark.parametrize(
    "content", ["", "hello", "[]", "{}", '{"data": 3}', '{"resourceSpans": [1]}', "{}\n{"]
)
def test_other_files_are_a_clear_error(content: str, tmp_path: Path) -> None:
    """A file without spans is one error that names it."""
    path = tmp_path / "traces.json"
    path.write_text(content)
    with pytest.raises(EvidenceError, match=r"traces\.json"):
        read_traces(path, None)
