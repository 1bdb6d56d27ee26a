"""Traces as trees: calls between services, chains, messages, and what writes where."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..statements import is_write, tables_in
from .spans import Span

_TABLE_NAMES = ("db.collection.name", "db.sql.table", "db.mongodb.collection")
_OPERATIONS = ("db.operation.name", "db.operation", "db.query.text", "db.statement")


class Trace(NamedTuple):
    """One request: its name, calls from service to service that wait, the longest chain, and its messages.

    `writes` has the services that write to a database before the request is answered.
    """

    name: str
    calls: Counter[tuple[str, str]]
    chain: tuple[str, ...]
    messages: int
    writes: frozenset[str]


def traces_of(spans: Iterable[Span]) -> list[Trace]:
    """Return the traces that some spans form."""
    groups: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        groups[span.trace].append(span)
    return [_trace(group) for group in groups.values()]


def consumers(spans: Sequence[Span]) -> dict[str, set[str]]:
    """Return the services that consume messages, by topic or queue."""
    found: dict[str, set[str]] = defaultdict(set)
    for span in spans:
        if span.kind == "consumer":
            found[span.first("messaging.destination.name", "messaging.destination") or span.name].add(
                span.service
            )
    return found


def users_of_tables(spans: Sequence[Span]) -> dict[str, set[str]]:
    """Return the services that use a table, by database and table.

    Without the name of the server or of the database, equal names of tables say nothing.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for span in spans:
        database = span.first("db.namespace", "db.name")
        server = span.first("server.address", "net.peer.name", "peer.service")
        if span.first("db.system.name", "db.system") and (database or server):
            statement = span.first("db.query.text", "db.statement")
            named = span.first(*_TABLE_NAMES)
            for table in [named] if named else tables_in(statement):
                found["/".join(part for part in (server, database, table) if part)].add(span.service)
    return found


def _trace(spans: Sequence[Span]) -> Trace:
    by_id = {span.id: span for span in spans}
    calls: Counter[tuple[str, str]] = Counter()
    chains = [_chain(span, by_id) for span in spans]
    for span in spans:
        parent = by_id.get(span.parent)
        if parent and parent.service != span.service and span.kind != "consumer":
            calls[parent.service, span.service] += 1
    root = next((span for span in spans if span.parent not in by_id), spans[0])
    writes = {s.service for s, chain in zip(spans, chains, strict=True) if chain and _writes(s)}
    messages = sum(span.kind == "producer" for span in spans)
    return Trace(root.name, calls, max(chains, key=len), messages, frozenset(writes))


def _chain(span: Span, by_id: dict[str, Span]) -> tuple[str, ...]:
    """Return the services that wait for a span, from the first; none if a message lies between."""
    services: list[str] = []
    seen: set[str] = set()
    step: Span | None = span
    while step and step.id not in seen:
        if step.kind == "consumer":
            return ()
        seen.add(step.id)
        if not services or services[-1] != step.service:
            services.append(step.service)
        step = by_id.get(step.parent)
    return tuple(reversed(services))


def _writes(span: Span) -> bool:
    is_query = bool(span.first("db.system.name", "db.system"))
    return is_query and is_write(span.first(*_OPERATIONS) or span.name)
