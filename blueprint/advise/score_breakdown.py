"""Score breakdown of a decision: the points of each term, and the runner-up."""

from collections.abc import Mapping

from blueprint.advise.break_even import BreakEvenPoint
from blueprint.advise.candidates import MONOLITH
from blueprint.advise.decide import Decision, Model, alternatives
from blueprint.advise.ranges import range_text
from blueprint.advise.result import Estimate, RunnerUp, ScoreLine
from blueprint.needs.facts import base_inputs
from blueprint.needs.model import Needs


def score_breakdown(needs: Needs, model: Model) -> tuple[ScoreLine, ...]:
    """Return every term of every pattern, including those without points; they add up to the scores."""
    facts = needs.facts()
    lines = []
    for candidate in model.candidates:
        for term in candidate.terms:
            values = tuple((name, facts[name]) for name in term.inputs)
            assumed = any(_is_assumed(name, needs) for name in term.inputs)
            points = term.points(*[value for _, value in values])
            lines.append(
                ScoreLine(candidate.name, term.name, points, term.why, term.tag, term.source, values, assumed)
            )
    return tuple(lines)


def _is_assumed(name: str, needs: Needs) -> bool:
    """Return whether a fact rests on assumptions only."""
    return needs.assumed.issuperset(base_inputs(name))


def runner_up(
    decision: Decision,
    lines: tuple[ScoreLine, ...],
    found: tuple[BreakEvenPoint, ...],
    estimates: Mapping[str, Estimate],
) -> RunnerUp:
    """Return the best other pattern with its failed gates, missing points and extra cost."""
    name = alternatives(decision.scores, decision.label, [gate.pattern for gate in decision.gates])[0]
    reasons = [f"{gate.id}: {gate.reason}" for gate in decision.gates if gate.pattern == name]
    gap = decision.scores[decision.label] - decision.scores[name]
    against = sorted(
        (line for line in lines if line.pattern == name and line.points < 0), key=lambda x: x.points
    )
    in_favor = sorted(
        (x for x in lines if x.pattern == decision.label and x.points > 0), key=lambda x: -x.points
    )
    reasons += [f"{line.term} {line.points:+.2f}: {line.why}" for line in against[:3]]
    if decision.label != MONOLITH:
        reasons += [f"{x.term} {x.points:+.2f} for {decision.label}: {x.why}" for x in in_favor[:2]]
    own, other = estimates[decision.label], estimates[name]
    if other.monthly_usd > own.monthly_usd:
        reasons.append(f"about {other.monthly_usd:,.0f} USD a month instead of {own.monthly_usd:,.0f} USD")
    if other.p95_ms > own.p95_ms:
        theirs, ours = (range_text(each.p95_ms, each.latency_sd) for each in (other, own))
        reasons.append(f"p95 of {theirs} ms instead of {ours} ms")
    return RunnerUp(name, gap, tuple(reasons), tuple(point for point in found if point.label == name))
