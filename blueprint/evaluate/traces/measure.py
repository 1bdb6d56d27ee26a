"""Needs and findings that traces show."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from blueprint.needs.flows import SOME_SHARE

from ..evidence import Evidence, Fact, Finding, Measurement
from ..intervals import mean_interval
from .calls import Trace, consumers, traces_of, users_of_tables
from .reading import read_spans
from .spans import Span

LONGEST_CHAIN = 3
"""Services in a chain that waits, beyond which it is a finding."""
CHATTY = 5
"""Calls between two services in one request from which on they are chatty."""


def read_traces(path: Path, mean_rps: float | None) -> Evidence:
    """Read traces, and return what they show. Raises EvidenceError.

    Traces are often a sample, so a rate of events follows only with the rate of requests, `mean_rps`.
    """
    spans = read_spans(path)
    traces = [trace for trace in traces_of(spans) if trace.chain]
    where = f"{len(traces):,} traces in {path.name}"
    services = sorted({span.service for span in spans})
    measured = [*_consumers(spans), *_events(traces, mean_rps, where), *_crossing(traces, where)]
    return Evidence(
        tuple(measured),
        _facts(traces, services, where),
        (*_shared_tables(spans), *_chains(traces), *_chatty(traces), *_commits(traces)),
        (),
        _pattern(traces, services),
    )


def _pattern(traces: Sequence[Trace], services: Sequence[str]) -> str | None:
    if len(services) == 1:
        return "monolith"
    calls = sum(trace.calls.total() for trace in traces)
    return "event-driven" if sum(trace.messages for trace in traces) > calls else "microservices"


def _consumers(spans: Sequence[Span]) -> list[Measurement]:
    topics = consumers(spans)
    if not topics:
        return []
    topic, services = max(topics.items(), key=lambda item: (len(item[1]), item[0]))
    evidence = f"{topic} is consumed by {', '.join(sorted(services))}; who owns them is not in the traces"
    return [Measurement("consumers", len(services), 1, len(services), evidence)]


def _events(traces: Sequence[Trace], mean_rps: float | None, where: str) -> list[Measurement]:
    messages = [float(trace.messages) for trace in traces]
    if mean_rps is None or not any(messages):
        return []
    mean = fmean(messages)
    low, high = mean_interval(messages)
    evidence = f"{mean:.3g} messages for each of {mean_rps:.4g} requests a second; {where}"
    return [Measurement("events_per_s", mean * mean_rps, low * mean_rps, high * mean_rps, evidence)]


def _crossing(traces: Sequence[Trace], where: str) -> list[Measurement]:
    """Return how many writes cross services: at most some, since they need not commit at once.

    Traces show that services write in one request. Each of them commits on its own, so that "many", which
    rules out services, remains an answer for people.
    """
    writing = [trace for trace in traces if trace.writes]
    if not writing or len({service for trace in writing for service in trace.writes}) < 2:
        return []
    crossing = sum(len(trace.writes) > 1 for trace in writing)
    evidence = f"{crossing:,} of {len(writing):,} writes change several services before the answer; {where}"
    most = "many" if crossing > SOME_SHARE * len(writing) else "some" if crossing else "none"
    return [Measurement("cross_module_tx", "some" if crossing else "none", "none", most, evidence)]


def _facts(traces: Sequence[Trace], services: Sequence[str], where: str) -> tuple[Fact, ...]:
    calls = [trace.calls.total() for trace in traces]
    deepest = max((trace.chain for trace in traces), key=len, default=())
    return (
        Fact("services", str(len(services)), ", ".join(services[:12])),
        Fact(
            "calls between services in a request",
            f"{fmean(calls or [0]):.2f} on average, {max(calls, default=0)} at most",
            where,
        ),
        Fact("longest chain that waits", f"{len(deepest)} services", " > ".join(deepest)),
    )


def _shared_tables(spans: Sequence[Span]) -> list[Finding]:
    return [
        Finding(
            "shared table",
            f"{table} is used by {len(services)} services.",
            ", ".join(sorted(services)),
            "Give it one owner, and let the others call it or consume its events.",
        )
        for table, services in sorted(users_of_tables(spans).items())
        if len(services) > 1
    ]


def _chains(traces: Sequence[Trace]) -> list[Finding]:
    long = Counter(trace.chain for trace in traces if len(trace.chain) > LONGEST_CHAIN)
    return [
        Finding(
            "synchronous chain",
            f"{' > '.join(chain)} wait for each other.",
            f"{count:,} of {len(traces):,} traces",
            "Join two of them, or let the later steps follow from an event.",
        )
        for chain, count in long.most_common(5)
    ]


def _chatty(traces: Sequence[Trace]) -> list[Finding]:
    most: dict[tuple[str, str], list[int]] = {}
    for trace in traces:
        for pair, count in trace.calls.items():
            most.setdefault(pair, []).append(count)
    return [
        Finding(
            "chatty pair",
            f"{caller} calls {callee} {fmean(counts):.1f} times in a request.",
            f"{len(counts):,} traces in which it does",
            "Ask for everything with one call, or keep a copy of the data.",
        )
        for (caller, callee), counts in sorted(most.items())
        if fmean(counts) >= CHATTY
    ]


def _commits(traces: Sequence[Trace]) -> list[Finding]:
    together = Counter(trace.writes for trace in traces if len(trace.writes) > 1)
    return [
        Finding(
            "commit across services",
            f"{', '.join(sorted(services))} write in the same request.",
            f"{count:,} of {len(traces):,} traces",
            "Make it a saga with compensation, or put what commits together into one service.",
        )
        for services, count in together.most_common(5)
    ]
