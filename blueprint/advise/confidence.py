"""Confidence in a decision: probability, robustness, and the questions to answer first."""

import math
from collections.abc import Mapping

from blueprint.advise.datafiles import load
from blueprint.advise.decide import Decision
from blueprint.advise.result import Confidence
from blueprint.needs.defaults import MIXED_FROM
from blueprint.needs.model import Needs


def probabilities(decision: Decision) -> Mapping[str, float]:
    """Return the softmax of the scores over the patterns that pass every gate, or over all if none does."""
    closed = set() if decision.infeasible else {gate.pattern for gate in decision.gates}
    top = max(score for name, score in decision.scores.items() if name not in closed)
    odds = {n: 0.0 if n in closed else math.exp(score - top) for n, score in decision.scores.items()}
    return {name: value / sum(odds.values()) for name, value in odds.items()}


def ask_first(needs: Needs) -> tuple[str, ...]:
    """Return the assumed inputs without which no confidence is justified: the team, and the workload.

    In a single team no change waits for another. The workload matters once there are enough events to need
    more than a table.
    """
    questions = ["engineers", "teams"]
    if needs.teams > 1 or "teams" in needs.assumed:
        questions.append("waiting_percent")
    if needs.events_per_s >= MIXED_FROM:
        questions.append("workload")
    return tuple(name for name in questions if name in needs.assumed)


def confidence(decision: Decision, needs: Needs, probability: float, robustness: float) -> Confidence:
    """Return the confidence: high or medium if both shares are, else a close call.

    It is a close call if no pattern passes every gate, or if a question is open that must be answered first.
    """
    limits = load("model")["confidence"]
    least = min(probability, robustness)
    level = "high" if least >= limits["high"] else "medium" if least >= limits["medium"] else "close call"
    open_questions = ask_first(needs)
    certain = not decision.infeasible and not open_questions
    return Confidence(level if certain else "close call", probability, robustness, open_questions)
