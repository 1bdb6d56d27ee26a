"""Recommendation as architecture decision records in the MADR format."""

from dataclasses import dataclass
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined

from blueprint.advise.architecture import groups_text, summary_text
from blueprint.advise.formatting import (
    NEAR_GROUPINGS,
    NO_BREAK_EVEN_POINT,
    break_even_text,
    confidence_text,
    count_text,
    grouping_text,
    label_text,
    number_text,
    sentence_case,
    share_text,
    value_text,
)
from blueprint.advise.next_steps import next_steps
from blueprint.advise.ranges import range_text
from blueprint.advise.result import Recommendation


@dataclass(frozen=True)
class DecisionRecord:
    """A decision record; `suffix` is what the file name of a second record adds to that of the first."""

    suffix: str
    text: str


def decision_records(r: Recommendation, day: date, chosen: str | None = None) -> list[DecisionRecord]:
    """Return the record of the decision; in a close call, a second one proposes the runner-up.

    `chosen` is the pattern that is generated, if it is another than the recommended one.
    """
    if chosen and chosen in r.estimates and chosen != r.pattern:
        return [DecisionRecord("", _render(r, day, chosen=chosen))]
    first = DecisionRecord("", _render(r, day, chosen=r.pattern))
    if not r.confidence.close_call:
        return [first]
    return [first, DecisionRecord(f"-or-{r.runner_up.pattern}", _render(r, day, chosen=r.runner_up.pattern))]


def _render(r: Recommendation, day: date, chosen: str) -> str:
    environment = Environment(
        loader=PackageLoader("blueprint.report"),
        autoescape=False,  # noqa: S701 - Markdown, not HTML; _plain cleans free text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    is_recommended = chosen == r.pattern
    shown = {name: [x for x in r.score_breakdown if x.pattern == name and x.points] for name in r.scores}
    return environment.get_template("adr.md.jinja").render(
        date=day.isoformat(),
        title=f"Build the system as {_article(chosen)}",
        context=_context(r),
        drivers=_drivers(r),
        assumed=", ".join(label_text(name) for name in sorted(r.needs.assumed)),
        options=list(r.scores),
        chosen=chosen,
        recommended=r.pattern,
        share_text=share_text,
        range_text=range_text,
        no_break_even_point=NO_BREAK_EVEN_POINT,
        reason=_reason(r, chosen),
        score_breakdown={name: lines for name, lines in shown.items() if lines},
        scores=r.scores,
        probabilities=r.probabilities,
        consequences=_consequences(r, chosen),
        components=r.components if is_recommended else (),
        architecture=architecture_text(r) if is_recommended else "",
        groupings=r.groupings if is_recommended else (),
        stack=r.stack,
        stacks=r.stacks if is_recommended else (),
        groups_text=groups_text,
        grouping_text=grouping_text,
        near_groupings=NEAR_GROUPINGS,
        plain=_plain,
        precautions=r.precautions,
        steps=next_steps(r) if is_recommended else None,
        review_triggers=r.review_triggers,
        estimates=list(r.estimates.values()),
        cloud=r.needs.cloud,
        gates=(*r.gates, *r.risks),
        failed=r.gates,
        break_even_points=[
            break_even_text(point) for point in (*r.break_even_points, *r.joint_break_even_points)
        ],
        prices=r.prices,
        costs=r.costs,
        host=next(host.product for host in r.hosts if host.host == r.estimate.host),
        host_reason=r.host_reason,
        model=r.model_version,
    )


def architecture_text(r: Recommendation) -> str:
    """Return the structure, the integration and the way there."""
    return f"{sentence_case(summary_text(r.architecture))}. {r.architecture.path}"


def _article(pattern: str) -> str:
    known = {
        "monolith": "a modular monolith",
        "microservices": "microservices",
        "event-driven": "an event-driven system",
    }
    return known.get(pattern, pattern)


def _context(r: Recommendation) -> str:
    n = r.needs
    flows = "; ".join(
        f"{_plain(f.name)} ({f.level.replace('_', ' ')}, {_plain(', '.join(f.modules))})" for f in n.flows
    )
    return (
        f"{count_text(n.engineers, 'engineer')} in {count_text(n.teams, 'team')} work on a system "
        f"in the {n.stage} stage with "
        f"{number_text(n.mean_rps)} req/s on average and {number_text(n.peak_rps)} at the peak, "
        f"{n.read_fraction:.0%} of them reads, and {number_text(n.events_per_s)} events/s. "
        f"Its business flows are: {flows}."
    )


def _plain(text: str) -> str:
    """Return text from a needs file without characters that are special in Markdown."""
    return "".join(" " if c in "|<>[]`*_#\\" else c for c in text)


def _drivers(r: Recommendation) -> list[str]:
    names = ["availability", "p95_ms", "consistency", "cross_module_tx", "waiting_percent", "ops_maturity"]
    if r.needs.budget_usd_month is not None:
        names.append("budget_usd_month")
    return [f"{label_text(name)}: {value_text(name, getattr(r.needs, name))}" for name in names]


def _reason(r: Recommendation, chosen: str) -> str:
    if chosen != r.pattern:
        own, other = (
            f"a score of {r.scores[name]:+.2f} (probability {share_text(r.probabilities[name])})"
            for name in (chosen, r.pattern)
        )
        return f"which has {own}. The recommended option, {r.pattern}, has {other}."
    if r.infeasible:
        return "because it has the best score. No pattern passes every gate: relax a target or the budget."
    return (
        "because it has the best score of the patterns that pass every gate. "
        f"Confidence: {confidence_text(r.confidence)}."
    )


def _consequences(r: Recommendation, chosen: str) -> list[str]:
    estimate = r.estimates[chosen]
    parts = len(estimate.plan.services)
    latency, settled = (range_text(ms, estimate.latency_sd) for ms in (estimate.p95_ms, estimate.settled_ms))
    lines = [
        f"{count_text(parts, 'deployable')} to build, release and monitor",
        f"p95 of {latency} ms against a target of {r.needs.p95_ms:g} ms",
        f"about {estimate.monthly_usd:,.0f} USD a month for infrastructure on {r.needs.cloud}",
    ]
    if estimate.settled_ms > estimate.answer_ms:
        lines.append(f"a flow completes {settled} ms after its request (p95), later than the response")
    return lines
