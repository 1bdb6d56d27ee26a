"""The recommendation as architecture decision records in the MADR form."""

from dataclasses import dataclass
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined

from blueprint.advise.formatting import break_even_text, label_text, number_text, share_text, value_text
from blueprint.advise.result import Recommendation


@dataclass(frozen=True)
class DecisionRecord:
    """One record; `suffix` tells the file name of a second record from that of the first."""

    suffix: str
    text: str


def decision_records(r: Recommendation, day: date, chosen: str | None = None) -> list[DecisionRecord]:
    """The decision; in a close call also the runner-up as a proposal, so that both can be discussed.

    `chosen` is the pattern that was built in the end, where that is another than the recommended one.
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
        autoescape=False,  # noqa: S701 - Markdown, not HTML; free text is escaped by _plain
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    own = chosen == r.pattern
    shown = {name: [x for x in r.score_breakdown if x.pattern == name and x.points] for name in r.scores}
    return environment.get_template("adr.md.jinja").render(
        status="accepted" if own and not r.confidence.close_call else "proposed",
        date=day.isoformat(),
        title=f"Build the system as {_article(chosen)}",
        context=_context(r),
        drivers=_drivers(r),
        assumed=", ".join(label_text(name) for name in sorted(r.needs.assumed)),
        options=list(r.scores),
        chosen=chosen,
        because=_because(r, chosen),
        score_breakdown={name: lines for name, lines in shown.items() if lines},
        scores=r.scores,
        probabilities=r.probabilities,
        consequences=_consequences(r, chosen),
        components=r.components if own else (),
        review_triggers=r.review_triggers,
        estimates=list(r.estimates.values()),
        cloud=r.needs.cloud,
        gates=r.gates,
        break_even_points=[
            break_even_text(point) for point in (*r.break_even_points, *r.joint_break_even_points)
        ],
        prices=r.prices,
        costs=r.costs,
        model=r.model_version,
    )


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
        f"{n.engineers} engineers in {n.teams} team(s) run a {n.stage} system with "
        f"{number_text(n.mean_rps)} req/s on average and {number_text(n.peak_rps)} at the peak, "
        f"{n.read_fraction:.0%} of them reads, and {number_text(n.events_per_s)} events/s. "
        f"Its flows are: {flows}."
    )


def _plain(text: str) -> str:
    """Text from a file of answers, without what Markdown or a table would act on."""
    return "".join(" " if c in "|<>[]`*_#\\" else c for c in text)


def _drivers(r: Recommendation) -> list[str]:
    names = ("availability", "p95_ms", "consistency", "cross_module_tx", "independent_deploy", "ops_maturity")
    drivers = [f"{label_text(name)}: {value_text(name, getattr(r.needs, name))}" for name in names]
    if r.needs.budget_usd_month is not None:
        drivers.append(f"budget: {value_text('budget_usd_month', r.needs.budget_usd_month)}")
    return drivers


def _because(r: Recommendation, chosen: str) -> str:
    c = r.confidence
    if chosen != r.pattern:
        more = r.scores[r.pattern] - r.scores[chosen]
        odds = " and ".join(share_text(r.probabilities[name]) for name in (chosen, r.pattern))
        return (
            f"if it is preferred to {r.pattern}, which scores {more:.2f} more points (probabilities {odds})."
        )
    return (
        f"because it has the best score of the patterns that pass every gate ({c.level}: probability "
        f"{share_text(c.probability)}, kept in {share_text(c.robustness)} of 4,000 samples)."
        if not r.infeasible
        else "because it has the best score, although no pattern passes every gate: a target must be relaxed."
    )


def _consequences(r: Recommendation, chosen: str) -> list[str]:
    estimate = r.estimates[chosen]
    parts = len(estimate.plan.services)
    lines = [
        f"{parts} deployable{'s' if parts > 1 else ''} to build, release and watch",
        f"p95 of about {estimate.p95_ms:.0f} ms against a target of {r.needs.p95_ms:g} ms",
        f"about {estimate.monthly_usd:,.0f} USD a month on {r.needs.cloud}, without people",
    ]
    if estimate.settled_ms > estimate.p95_ms:
        lines.append(
            f"a flow is complete about {estimate.settled_ms:.0f} ms after the request, not with its answer"
        )
    if chosen == r.pattern:
        lines += [f"with {modifier}" for modifier in r.modifiers]
    return lines
