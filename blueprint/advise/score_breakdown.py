"""Score breakdown of a decision: points of each term, probabilities, modifiers and the runner-up."""

import math
from collections.abc import Mapping

from blueprint.advise.break_even import BreakEvenPoint
from blueprint.advise.candidates import EVENT_DRIVEN, MICROSERVICES, MONOLITH
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Decision, Model, alternatives
from blueprint.advise.result import Confidence, Estimate, RunnerUp, ScoreLine
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
    return name in needs.assumed if name != "burst" else {"mean_rps", "peak_rps"} <= needs.assumed


def probabilities(decision: Decision) -> Mapping[str, float]:
    """Return the softmax of the scores over the patterns that pass every gate, or over all if none does."""
    closed = set() if decision.infeasible else {gate.pattern for gate in decision.gates}
    top = max(score for name, score in decision.scores.items() if name not in closed)
    odds = {n: 0.0 if n in closed else math.exp(score - top) for n, score in decision.scores.items()}
    return {name: value / sum(odds.values()) for name, value in odds.items()}


def confidence(decision: Decision, probability: float, robustness: float) -> Confidence:
    """Return the confidence: high or medium if both shares are, else a close call.

    It is a close call if no pattern passes every gate.
    """
    limits = load("model")["confidence"]
    least = min(probability, robustness)
    level = "high" if least >= limits["high"] else "medium" if least >= limits["medium"] else "close call"
    return Confidence("close call" if decision.infeasible else level, probability, robustness)


def modifiers(decision: Decision) -> tuple[str, ...]:
    """Return the additions to the label: an outbox, an event log, few or many deployables."""
    limits = load("model")["modifiers"]
    split, log = decision.scores[MICROSERVICES], decision.scores[EVENT_DRIVEN]
    if decision.label == MONOLITH and log > limits["outbox_above"]:
        return ("outbox and queue",)
    if decision.label == MICROSERVICES and log > limits["event_log_above"]:
        return ("event log",)
    if decision.label == EVENT_DRIVEN:
        return ("many deployables" if split > limits["many_deployables_above"] else "few deployables",)
    return ()


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
        reasons.append(f"p95 of about {other.p95_ms:.0f} ms instead of {own.p95_ms:.0f} ms")
    return RunnerUp(name, gap, tuple(reasons), tuple(point for point in found if point.label == name))
