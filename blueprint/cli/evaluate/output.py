"""JSON output of `blueprint evaluate`."""

from typing import TypedDict


class MeasurementOutput(TypedDict):
    """Measured value of an input, with its 95 % interval, unit and evidence."""

    input: str
    estimate: float | int | str | bool | None
    low: float | int | str | bool | None
    high: float | int | str | bool | None
    unit: str
    evidence: str


class FactOutput(TypedDict):
    """A figure of today's system that is not an input."""

    name: str
    value: str
    evidence: str


class FindingOutput(TypedDict):
    """A weakness of today's system, with its evidence and what to do."""

    kind: str
    text: str
    evidence: str
    action: str


class RouteOutput(TypedDict):
    """Requests for one route, with latencies in ms; they are null if the log has none."""

    route: str
    requests: int
    share: float
    rps: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    mean_bytes: float
    errors: int


class TrafficOutput(TypedDict):
    """What the access logs hold: requests that count, those left out by kind, and rates in req/s."""

    requests: int
    left_out: dict[str, int]
    broken_lines: int
    bytes_read: int
    observed_s: int
    mean_rps: float
    busiest_minute_rps: float
    busiest_second_rps: float
    burst: float
    errors: int
    worst_minute_errors: int
    routes: list[RouteOutput]


class VerdictOutput(TypedDict):
    """Whether to move from today's pattern; gain and needed gain are in log-odds."""

    today: str | None
    recommended: str
    move: bool
    gain: float
    needed: float
    saving_usd_month: float
    reason: str


class EvaluateOutput(TypedDict):
    """Output of `blueprint evaluate --json`. `questions` are the required inputs that nothing measured."""

    measurements: list[MeasurementOutput]
    facts: list[FactOutput]
    findings: list[FindingOutput]
    notes: list[str]
    traffic: TrafficOutput | None
    confidence: str
    verdict: VerdictOutput
    questions: list[str]
    written: list[str]
