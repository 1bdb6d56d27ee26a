"""Traces of services in Java show the architecture, as those of services in Python do."""

from pathlib import Path
from typing import Any

import pytest

from blueprint.render import Tree

from .described import architecture, listed_hosts
from .projects import tree_of, write
from .spring import make, one_build_at_a_time, tools
from .traced import Span, collecting, read, services_by_trace

pytestmark = pytest.mark.long

TOPIC = "messaging.destination.name"
STEPS = {
    "microservices": {"gateway", "orders", "catalog", "inventory", "payments"},
    "event-driven": {"gateway", "orders", "catalog", "inventory", "payments", "notifications"},
}
"""The processes that take part in an order."""


@pytest.mark.parametrize("pattern", STEPS)
def test_the_traces_show_the_architecture(pattern: str, tmp_path: Path) -> None:
    """The acceptance suite makes all calls and uses all topics of architecture.yaml, and no others."""
    tree = tree_of({"stack": "spring", "cache": "memory"}, pattern=pattern)
    project = write(tree, tmp_path / "shop")
    with one_build_at_a_time(), collecting(tmp_path) as (address, file):
        make(project, tools() | {"OTEL_EXPORTER_OTLP_ENDPOINT": address}, "acceptance")
    spans = read(file)
    check(tree, spans)
    assert any(services >= STEPS[pattern] for services in services_by_trace(spans))
    statements = [span for span in spans if "db.query.text" in span["attributes"]]
    assert {span["name"] for span in statements} >= {"SELECT", "INSERT", "UPDATE"}
    assert [span for span in statements if span["parent"] is None] == []
    parents = {span["span"] for span in spans}
    assert [span for span in statements if span["parent"] not in parents] == []
    probes = [span for span in spans if any("/readyz" in str(value) for value in span["attributes"].values())]
    assert probes == []


def check(tree: Tree, spans: list[Span]) -> None:
    """Compare the spans of a shop with its architecture.yaml."""
    contexts, hosts = architecture(tree)["contexts"].items(), listed_hosts(tree)
    used = [(hosts[name], hosts[other]) for name, each in contexts for other in others(each)]
    calls = [span for span in spans if span["kind"] == "client" and span["name"].startswith("call ")]
    assert {(span["service"], span["name"].split()[1]) for span in calls} == {
        (service, other) for service, other in used if service != other
    }
    assert [span for span in calls if span["parent"] is None] == []

    # Analytics publishes and reads events without spans.
    traced = [(hosts[name], context) for name, context in contexts if name != "analytics"]
    senders = {span["span"]: span["service"] for span in spans if span["kind"] == "producer"}
    delivered = [span for span in spans if TOPIC in span["attributes"]]
    assert {(span["service"], span["attributes"][TOPIC]) for span in delivered} == {
        (service, topic) for service, each in traced for topic in each.get("consumes", [])
    }
    assert {(senders[span["parent"]], span["attributes"][TOPIC]) for span in delivered} == {
        (service, topic) for service, each in traced for topic in each.get("publishes", [])
    }


def others(context: dict[str, Any]) -> list[str]:
    """Return the contexts that a context calls, or whose data its audit reads."""
    return [*context.get("calls", []), *context.get("audits", [])]
