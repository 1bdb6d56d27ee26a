"""Recommendation as tables for a terminal."""

from io import StringIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from blueprint.advise.architecture import groups_text, summary_text
from blueprint.advise.formatting import (
    NEAR_GROUPINGS,
    NO_BREAK_EVEN_POINT,
    break_even_text,
    confidence_text,
    gap_text,
    grouping_text,
    number_text,
    sentence_case,
    share_text,
    value_text,
    values_text,
)
from blueprint.advise.next_steps import next_steps
from blueprint.advise.ranges import range_text
from blueprint.advise.result import Recommendation, ScoreLine
from blueprint.report.bill_table import bill_rows, own_cost
from blueprint.report.tables import new_table

SHOWN_BREAK_EVEN_POINTS = 6
BAR_WIDTH = 16
WIDE_ENOUGH = 80
"""Columns from which on there is room for bars beside the figures."""
COLORS = {"monolith": "cyan", "microservices": "magenta", "event-driven": "yellow"}


def to_text(
    recommendation: Recommendation, *, explain: bool, width: int | None = None, color: bool = False
) -> str:
    """Return the tables as text; `explain` adds sources, terms without points and assumed answers."""
    console = Console(file=StringIO(), width=width, force_terminal=color, highlight=False)
    with console.capture() as capture:
        for part in _parts(recommendation, explain, bars=console.width >= WIDE_ENOUGH):
            console.print(part)
    return capture.get().rstrip("\n")


def _parts(r: Recommendation, explain: bool, *, bars: bool) -> list[RenderableType]:
    parts: list[RenderableType] = [
        _headline(r),
        _scores(r, bars=bars),
        _score_breakdown(r, explain),
        _runner_up(r),
        _break_even_points(r),
    ]
    parts += [_precautions(r)] if r.precautions else []
    parts += [_groupings(r)] if r.groupings else []
    parts += [_stacks(r)] if r.stacks else []
    parts += [_components(r), _estimates(r), _hosts(r), _bill(r), _clouds(r), _review_triggers(r, explain)]
    if explain:
        parts.append(_assumed(r))
    return [*parts, _next_steps(r)]


def _headline(r: Recommendation) -> Panel:
    lines = [
        Text(r.title, f"bold {COLORS.get(r.pattern, 'green')}"),
        Text(f"{sentence_case(summary_text(r.architecture))}. {r.architecture.path}"),
        Text(f"Confidence: {confidence_text(r.confidence)}"),
        *[Text(f"{sentence_case(note)}.", style="dim") for note in r.notes],
    ]
    return Panel(Group(*lines), title="Recommendation", title_align="left", box=box.ROUNDED)


def _scores(r: Recommendation, *, bars: bool) -> Table:
    table = new_table(
        "Scores (log-odds relative to the monolith)",
        "=Pattern",
        ">Score",
        ">Probability",
        *([""] if bars else []),
        "Gates that closed (?: an estimate misses a target, measure it)",
    )
    for name, score in sorted(r.scores.items(), key=lambda item: -item[1]):
        bar = "█" * round(BAR_WIDTH * r.probabilities[name])
        failed = [gate for gate in (*r.gates, *r.risks) if gate.pattern == name]
        gates = "; ".join(f"{gate.id}{'' if gate in r.gates else '?'}: {gate.reason}" for gate in failed)
        drawn = [Text(bar, COLORS.get(name, "green"))] if bars else []
        table.add_row(name, f"{score:+.2f}", share_text(r.probabilities[name]), *drawn, gates)
    return table


def _score_breakdown(r: Recommendation, explain: bool) -> Table:
    columns = ["=Pattern", "Term", ">Points", "Answer", "Why"]
    table = new_table("Score breakdown", *columns, *(["Tag", "Source"] if explain else []))
    for name in r.scores:
        lines = [line for line in r.score_breakdown if line.pattern == name and (explain or line.points)]
        for line in lines:
            row = [name, line.term, f"{line.points:+.2f}", _answers(line), line.why]
            table.add_row(*row, *([line.tag, line.source] if explain else []))
        if lines:
            table.add_row(
                name, Text("total", "bold"), Text(f"{r.scores[name]:+.2f}", "bold"), "", "", end_section=True
            )
    table.caption = "* assumed answer"
    table.caption_justify = "left"
    return table


def _answers(line: ScoreLine) -> str:
    mark = " *" if line.assumed else ""
    return values_text(line.values) + mark


def _runner_up(r: Recommendation) -> Table:
    table = new_table(f"Runner-up: {r.runner_up.pattern}, {gap_text(r.runner_up.gap)}", "Why not")
    for reason in r.runner_up.reasons:
        table.add_row(reason)
    return table


def _break_even_points(r: Recommendation) -> Table:
    table = new_table("What would change the recommendation, smallest change first", "Break-even point")
    for point in (*r.break_even_points[:SHOWN_BREAK_EVEN_POINTS], *r.joint_break_even_points):
        table.add_row(break_even_text(point))
    if not r.break_even_points and not r.joint_break_even_points:
        table.add_row(NO_BREAK_EVEN_POINT)
    return table


def _groupings(r: Recommendation) -> Table:
    table = new_table(
        "Groupings of the modules into deployables (points beside one deployable)",
        "Deployables", ">Points", ">End, ms", ">USD", ">People", "Gains and costs",
    )  # fmt: skip
    for option in r.groupings:
        e, chosen = option.estimate, option is r.groupings[0]
        table.add_row(
            Text(groups_text(option.groups), "bold" if chosen else ""), f"{option.points:+.2f}",
            range_text(e.settled_ms, e.latency_sd), f"{e.monthly_usd:,.0f}", f"{e.people_usd:,.0f}",
            grouping_text(option),
        )  # fmt: skip
    table.caption = f"{NEAR_GROUPINGS}."
    table.caption_justify = "left"
    return table


def _stacks(r: Recommendation) -> Table:
    table = new_table(
        "Stacks (CPU of a request in all services)",
        "=Stack", ">CPU, ms", ">Memory, MiB", ">Processes", ">Start, CPU s", ">USD",
    )  # fmt: skip
    for stack in r.stacks:
        table.add_row(
            Text(stack.name, "bold" if stack.name == r.stack.name else ""), number_text(stack.cpu_ms),
            f"{stack.memory_mib:,}", f"{stack.copies_at_peak:,}", number_text(stack.start_cpu_s),
            f"{stack.usd_month:,.0f}",
        )  # fmt: skip
    table.caption = f"{sentence_case(r.stack.reason)}."
    table.caption_justify = "left"
    return table


def _precautions(r: Recommendation) -> Table:
    table = new_table("Whatever the pattern", "Do this")
    for precaution in r.precautions:
        table.add_row(precaution.text)
    return table


def _components(r: Recommendation) -> Table:
    table = new_table("Components", "=Part", "Choice", "Size", "Why")
    for component in r.components:
        table.add_row(component.name, component.choice, component.size, component.reason)
    return table


def _estimates(r: Recommendation) -> Table:
    table = new_table(
        f"Estimates (USD a month on {r.needs.cloud})",
        "=Pattern", ">Answer, ms", ">End, ms", ">SLA", ">USD", ">People", "=Runs on",
    )  # fmt: skip
    for name, e in r.estimates.items():
        table.add_row(
            Text(name, "bold" if name == r.pattern else ""),
            range_text(e.answer_ms, e.latency_sd), range_text(e.settled_ms, e.latency_sd),
            f"{e.availability:.2%}", f"{e.monthly_usd:,.0f}", f"{e.people_usd:,.0f}", e.host,
        )  # fmt: skip
    engineer = f"{r.needs.engineer_usd_month:,.0f} USD a month"
    guess = ", a guess" if "engineer_usd_month" in r.needs.assumed else ""
    claims = ", ".join(
        f"{name} {claim['throughput']} {claim['unit']} at {claim['latency_ms']} ms"
        for name, claim in r.claims.items()
    )
    table.caption = (
        "Answer, end: p95 of the longest flow to its answer, and until every module has finished, "
        "expected in this range in 80 of 100 cases. SLA: "
        "what the agreements of the provider promise in one region. People: who operates it, at "
        f"{engineer} each{guess}; not part of the bill. The article claims: {claims}. "
        "Its claims never affect the recommendation."
    )
    table.caption_justify = "left"
    return table


def _hosts(r: Recommendation) -> Table:
    title = f"Where it runs (USD a month on {r.needs.cloud})"
    table = new_table(title, "Host", ">Low", ">Base", ">High", ">Available", "Against it")
    for host in r.hosts:
        chosen = host.host == r.estimate.host
        usd = [f"{amount:,.0f}" for amount in host.usd] if host.usd else ["-"] * 3
        note = "; ".join(host.obstacles) or ("chosen" if chosen else "")
        table.add_row(Text(host.product, "bold" if chosen else ""), *usd, f"{host.availability:.2%}", note)
    table.caption = f"{sentence_case(r.host_reason)}."
    table.caption_justify = "left"
    return table


def _bill(r: Recommendation) -> Table:
    own = own_cost(r)
    share = f"{own.base.unverified_share:.0%} on prices that are not verified (*)"
    table = new_table(
        f"Monthly bill on {own.product} in USD, {share}", "=Group", "Line", ">Low", ">Base", ">High"
    )
    for row in bill_rows(own):
        name = row.name if row.verified else f"{row.name} *"
        table.add_row(row.group, name, *[f"{amount:,.0f}" for amount in row.usd])
    totals = [f"{bill.total:,.0f}" for bill in (own.low, own.base, own.high)]
    table.add_section()
    table.add_row(Text("total", "bold"), "", *totals)
    return table


def _clouds(r: Recommendation) -> Table:
    title = f"Monthly infrastructure cost of {r.pattern} in USD ({r.prices})"
    table = new_table(title, "=Cloud", "Runs on", ">Low", ">Base", ">High", ">Unverified", "Price dates")
    for cost in r.costs:
        totals = [f"{bill.total:,.0f}" for bill in (cost.low, cost.base, cost.high)]
        dates = f"{cost.oldest} to {cost.newest}" if cost.oldest else "-"
        table.add_row(cost.cloud, cost.product, *totals, f"{cost.base.unverified_share:.0%}", dates)
    table.caption = "\n".join(warning for cost in r.costs for warning in cost.warnings)
    table.caption_justify = "left"
    return table


def _review_triggers(r: Recommendation, explain: bool) -> Table:
    columns = ["Alert", "When it fires", *(["PromQL"] if explain else [])]
    table = new_table("Review this decision when an alert fires", *columns)
    for trigger in r.review_triggers:
        table.add_row(trigger.name, trigger.summary, *([trigger.expr] if explain else []))
    return table


def _next_steps(r: Recommendation) -> Table:
    table = new_table("What to do next", "When", "Do this")
    steps = next_steps(r)
    for number, step in enumerate(steps.first):
        table.add_row("then" if number else "first", step)
    for other, cost in steps.if_wrong.items():
        table.add_row(f"if {other} had been right", " ".join([cost, steps.later.get(other, "")]).strip())
    return table


def _assumed(r: Recommendation) -> Table:
    table = new_table("Assumed answers", "Input", "Assumed value")
    for name in sorted(r.needs.assumed):
        value = (
            "the flows of the generated shop" if name == "flows" else value_text(name, getattr(r.needs, name))
        )
        table.add_row(name, value)
    return table
