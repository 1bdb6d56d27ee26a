"""Show what happened to an order: its traces as trees, from the files of spans of a development machine.

    python scripts/show_trace.py [--folder var/traces] [--json] [--statements] ORDER

Exits with status 1 if there is no trace of the order.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten
from typing import Any, TypedDict

STATEMENT = "db.query.text"
TOPIC = "messaging.destination.name"
Span = dict[str, Any]


class Node(TypedDict):
    """A span and the spans below it. Times are in milliseconds; `at` counts from the start of the trace."""

    at: float
    took: float
    service: str
    name: str
    kind: str
    error: str | None
    attributes: dict[str, Any]
    events: list[str]
    statements: int
    children: list["Node"]


class Trace(TypedDict):
    """A trace: its id, when it started, and its trees. There are several if a parent was not written."""

    id: str
    start: str
    roots: list[Node]


def main() -> int:
    """Print the traces of an order; return the exit status."""
    parser = argparse.ArgumentParser(description="Show what happened to an order.")
    parser.add_argument("order", metavar="ORDER", help="the order's id")
    parser.add_argument("--folder", type=Path, default=Path("var/traces"), help="the files of spans")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--statements", action="store_true", help="show each database statement")
    arguments = parser.parse_args()
    order = arguments.order.strip().lower()
    traces = traces_of(order, arguments.folder, statements=arguments.statements)
    if not traces:
        reason = "check the id, and that `make run` or `make dev` served the order"
        print(f"{arguments.folder} has no trace of order {order}: {reason}.", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps({"order": order, "topics": topics_of(traces), "traces": traces}, indent=2))
    else:
        print("\n\n".join([_summary(order, traces), *map(_text, traces)]))
    return 0


def traces_of(order: str, folder: Path, *, statements: bool = False) -> list[Trace]:
    """Return the traces with an event of the order, oldest first."""
    found = {span["trace"] for span in _spans(folder, [order]) if _has_event_of(order, span)}
    spans_by_trace: dict[str, dict[str, Span]] = defaultdict(dict)
    for span in _spans(folder, found):
        if span["trace"] in found:
            spans_by_trace[span["trace"]][span["span"]] = span
    traces = [_trace(id, spans, statements) for id, spans in spans_by_trace.items()]
    return sorted(traces, key=lambda trace: trace["start"])


def topics_of(traces: Iterable[Trace]) -> list[str]:
    """Return the topics that the traces lead through."""
    names = {node["attributes"].get(TOPIC) for node in nodes_of(traces)}
    return sorted(name for name in names if name)


def nodes_of(traces: Iterable[Trace]) -> Iterator[Node]:
    """Yield all spans, each before those below it."""
    waiting = [root for trace in traces for root in trace["roots"]]
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting[:0] = node["children"]


def _spans(folder: Path, texts: Iterable[str]) -> Iterator[Span]:
    """Yield the spans whose line has one of the texts; ignore incomplete lines."""
    wanted = [text.encode() for text in texts]
    for path in sorted(folder.glob("*.jsonl")):
        with path.open("rb") as file:
            for line in file:
                if any(text in line for text in wanted):
                    try:
                        span = json.loads(line)
                    except ValueError:
                        continue
                    yield span


def _has_event_of(order: str, span: Span) -> bool:
    described = [span["attributes"], *(event["attributes"] for event in span["events"])]
    return any(attributes.get("event.key") == order for attributes in described)


def _trace(id: str, spans: dict[str, Span], statements: bool) -> Trace:
    children: dict[str | None, list[Span]] = defaultdict(list)
    for span in sorted(spans.values(), key=lambda span: span["start"]):
        children[span["parent"] if span["parent"] in spans else None].append(span)
    start = children[None][0]["start"]

    def node(span: Span) -> Node:
        below = children[span["span"]]
        queries = [each for each in below if STATEMENT in each["attributes"]]
        return {
            "at": (span["start"] - start) / 1e6,
            "took": (span["end"] - span["start"]) / 1e6,
            "service": span["service"],
            "name": span["name"],
            "kind": span["kind"],
            "error": span["error"],
            "attributes": span["attributes"],
            "events": [e["attributes"]["event.type"] for e in span["events"] if e["name"] == "event stored"],
            "statements": len(queries),
            "children": [node(each) for each in below if statements or each not in queries],
        }

    # UTC, such as 2026-01-31T12:00:00.123+00:00: texts sort as the times do.
    time = datetime.fromtimestamp(start / 1e9, UTC).isoformat(timespec="milliseconds")
    return {"id": id, "start": time, "roots": [node(root) for root in children[None]]}


def _summary(order: str, traces: list[Trace]) -> str:
    services = sorted({node["service"] for node in nodes_of(traces)})
    topics = topics_of(traces)
    through = f"; topics: {', '.join(topics)}" if topics else ""
    return f"Order {order}\nServices: {', '.join(services)}{through}"


def _text(trace: Trace) -> str:
    lines = [f"{trace['start']}  trace {trace['id']}", f"{'at ms':>9} {'took ms':>9}"]

    def add(node: Node, depth: int) -> None:
        lines.append(f"{node['at']:9.1f} {node['took']:9.1f}  {'  ' * depth}{_line(node)}")
        for child in node["children"]:
            add(child, depth + 1)

    for root in trace["roots"]:
        add(root, 0)
    return "\n".join(lines)


def _line(node: Node) -> str:
    return ", ".join([f"{node['service']}: {node['name']}", *_notes(node)])


def _notes(node: Node) -> Iterator[str]:
    if status := node["attributes"].get("http.response.status_code"):
        yield f"status {status}"
    if topic := node["attributes"].get(TOPIC):
        yield f"to {topic}"
    if statement := node["attributes"].get(STATEMENT):
        yield shorten(statement, 100, placeholder=" ...")
    if count := node["statements"]:
        yield f"{count} statement{'' if count == 1 else 's'}"
    if node["events"]:
        yield f"stores {', '.join(node['events'])}"
    if node["error"]:
        yield f"failed: {node['error']}"


if __name__ == "__main__":
    sys.exit(main())
