"""Whether a running system should move to the recommended pattern, or stay with its own."""

from typing import NamedTuple

from blueprint.advise.datafiles import load
from blueprint.advise.result import Recommendation
from blueprint.needs.inputs import inputs


class Verdict(NamedTuple):
    """Whether to move from today's pattern, and why; without evidence of it, `today` has no value.

    `gain` and `needed` are in log-odds. `saving_usd_month` is what the bill and the people who operate the
    system would cost less after the move; it is shown, and does not decide.
    """

    today: str | None
    recommended: str
    move: bool
    gain: float
    needed: float
    saving_usd_month: float
    reason: str


def verdict(recommendation: Recommendation, today: str | None) -> Verdict:
    """Return the verdict: stay, unless today's pattern fails a gate or the gain exceeds the cost of moving.

    A gain counts only if the answers that it depends on most are given. The cost is a number of points, not
    of dollars: what a move costs is known as badly as what it gains.
    """
    r, needed = recommendation, load("model")["moving"]["points"]
    if today is None or today not in r.scores:
        reason = "today's pattern is not known; give traces or a repository"
        return Verdict(None, r.pattern, False, 0.0, needed, 0.0, reason)
    gain = r.scores[r.pattern] - r.scores[today]
    failed = [gate.reason for gate in r.gates if gate.pattern == today]
    is_clear = gain >= needed and not r.confidence.ask_first
    move = today != r.pattern and (bool(failed) or is_clear)
    return Verdict(
        today, r.pattern, move, gain, needed, _saving(r, today), _reason(r, today, gain, needed, failed)
    )


def _reason(r: Recommendation, today: str, gain: float, needed: float, failed: list[str]) -> str:
    if today == r.pattern:
        return "today's pattern is the recommended one"
    if failed:
        return f"today's pattern fails a gate: {failed[0]}"
    if r.confidence.ask_first:
        questions = ", ".join(inputs()[name].short for name in r.confidence.ask_first)
        return f"a move must not rest on assumed answers; answer these first: {questions}"
    compared = f"{r.pattern} is better by {gain:.2f} points, and a move costs {needed:.2f}"
    return compared if gain >= needed else f"{compared}; the gain does not cover it"


def _saving(r: Recommendation, today: str) -> float:
    before, after = r.estimates[today], r.estimates[r.pattern]
    return before.monthly_usd + before.people_usd - after.monthly_usd - after.people_usd
