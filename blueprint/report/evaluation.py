"""Evaluation of a running system as tables for a terminal."""

from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from blueprint.advise.formatting import sentence_case, share_text
from blueprint.advise.moving import Verdict
from blueprint.advise.ranges import range_text
from blueprint.advise.result import Recommendation
from blueprint.evaluate.evidence import Evidence, Measurement
from blueprint.evaluate.logs.stats import TrafficStats
from blueprint.needs.inputs import InputValue, groups, inputs
from blueprint.report.tables import new_table

SHOWN_ROUTES = 12


class Evaluation(NamedTuple):
    """What was measured, the recommendation that follows, and whether to move."""

    evidence: Evidence
    traffic: TrafficStats | None
    recommendation: Recommendation
    verdict: Verdict

    def measurements_with_units(self) -> Iterator[tuple[Measurement, str]]:
        """Yield each measurement with the unit of its input."""
        return ((each, inputs()[each.input].unit) for each in self.evidence.measurements)

    def questions(self) -> list[str]:
        """Return the required inputs that nothing measured, in the order of the questionnaire."""
        required = [spec for spec in inputs().values() if spec.required and groups()[spec.group].required]
        return [spec.name for spec in required if spec.name in self.recommendation.needs.assumed]


def evidence_text(measurement: Measurement) -> str:
    """Return the interval and the evidence of a measurement in one line."""
    low, high = _value(measurement.low), _value(measurement.high)
    return measurement.evidence if low == high else f"{low} to {high}; {measurement.evidence}"


def to_text(evaluation: Evaluation, *, width: int | None = None, color: bool = False) -> str:
    """Return the tables as text."""
    console = Console(file=StringIO(), width=width, force_terminal=color, highlight=False)
    with console.capture() as capture:
        for part in _parts(evaluation):
            console.print(part)
    return capture.get().rstrip("\n")


def _parts(e: Evaluation) -> Iterator[RenderableType]:
    yield _headline(e)
    yield _comparison(e)
    if e.evidence.measurements:
        yield _measurements(e)
    if e.traffic and e.traffic.requests:
        yield _routes(e.traffic)
    if e.evidence.facts:
        yield _facts(e)
    if e.evidence.findings:
        yield _findings(e)


def _headline(e: Evaluation) -> Panel:
    answer = f"Move from {e.verdict.today} to {e.verdict.recommended}" if e.verdict.move else "Stay"
    if e.verdict.today is None:
        answer = f"Recommended: {e.recommendation.title}"
    lines = [Text(answer, "bold"), Text(f"{sentence_case(e.verdict.reason)}.")]
    if e.traffic:
        lines.append(Text(_reading(e.traffic), "dim"))
    lines += [Text(f"{sentence_case(note)}.", "dim") for note in e.evidence.notes]
    questions = ", ".join(inputs()[name].short for name in e.questions())
    if questions:
        lines.append(Text(f"Not measured, and still to answer: {questions}."))
    return Panel(Group(*lines), title="Evaluation", title_align="left", box=box.ROUNDED)


def _reading(traffic: TrafficStats) -> str:
    kinds = {**traffic.left_out, "lines": traffic.broken_lines}
    counts = [f"{count:,} {kind.removesuffix('s') if count == 1 else kind}" for kind, count in kinds.items()]
    return f"{traffic.requests:,} requests count. Left out: {', '.join(counts)} that could not be read."


def _comparison(e: Evaluation) -> Table:
    """Show today's pattern beside the recommended one."""
    shown = dict.fromkeys(name for name in (e.verdict.today, e.verdict.recommended) if name)
    rows = new_table(
        "Today and the recommendation", "Pattern", "", ">Score", ">p95, ms", ">USD a month", ">People"
    )
    for name in shown:
        estimate, score = e.recommendation.estimates[name], e.recommendation.scores[name]
        roles = [e.verdict.today == name and "today", e.verdict.recommended == name and "recommended"]
        rows.add_row(
            name, ", ".join(role for role in roles if role), f"{score:+.2f}",
            range_text(estimate.p95_ms, estimate.latency_sd),
            f"{estimate.monthly_usd:,.0f}", f"{estimate.people_usd:,.0f}",
        )  # fmt: skip
    rows.caption = (
        "Scores are log-odds. Times and money are estimates for a generated shop, not for today's system. "
        f"A move must gain {e.verdict.needed:.1f} points, or today's pattern must fail a gate."
    )
    rows.caption_justify = "left"
    return rows


def _measurements(e: Evaluation) -> Table:
    rows = new_table("Measured needs", "Input", ">Estimate", ">From", ">To", "Unit", "Evidence")
    for each, unit in e.measurements_with_units():
        values = [_value(value) for value in (each.estimate, each.low, each.high)]
        rows.add_row(inputs()[each.input].short, *values, unit, each.evidence)
    rows.caption = "From, to: 95 % interval by chance; it does not cover what a log leaves out."
    rows.caption_justify = "left"
    return rows


def _routes(traffic: TrafficStats) -> Table:
    more = len(traffic.routes) - SHOWN_ROUTES
    title = f"Busiest routes{f' ({more} more with --json)' if more > 0 else ''}"
    rows = new_table(title, "Route", ">Share", ">req/s", ">p50", ">p95", ">p99", ">KB", ">Errors")
    for route in traffic.routes[:SHOWN_ROUTES]:
        times = [
            "-" if time is None else f"{time:.3g} ms" for time in (route.p50_ms, route.p95_ms, route.p99_ms)
        ]
        size = f"{route.mean_bytes / 1000:.3g}"
        rows.add_row(
            route.route, share_text(route.share), f"{route.rps:.3g}", *times, size, f"{route.errors:,}"
        )
    return rows


def _facts(e: Evaluation) -> Table:
    rows = new_table("Today's system", "Fact", "Value", "Evidence")
    for fact in e.evidence.facts:
        rows.add_row(fact.name, fact.value, fact.evidence)
    return rows


def _findings(e: Evaluation) -> Table:
    rows = new_table("Findings", "Kind", "What", "Evidence", "What to do")
    for finding in e.evidence.findings:
        rows.add_row(finding.kind, finding.text, finding.evidence, finding.action)
    return rows


def _value(value: InputValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
