"""A Recommendation: everything that a table, a program, a decision record or a page shows."""

from collections.abc import Mapping
from typing import NamedTuple

from blueprint.advise.break_even import BreakEvenPoint
from blueprint.advise.capacity_plan import CapacityPlan
from blueprint.advise.cost import Bill
from blueprint.advise.decide import Gate
from blueprint.needs.inputs import InputValue
from blueprint.needs.model import Needs


class ScoreLine(NamedTuple):
    """One term of one pattern's score. `assumed` if it rests on an answer that nobody gave."""

    pattern: str
    term: str
    points: float
    why: str
    tag: str
    source: str
    values: tuple[tuple[str, InputValue], ...]
    assumed: bool


class Confidence(NamedTuple):
    """`probability` is the softmax of the scores, `robustness` the share of samples that keep the label."""

    level: str
    probability: float
    robustness: float

    @property
    def close_call(self) -> bool:
        """Whether the runner-up deserves a record of its own."""
        return self.level == "close call"


class Estimate(NamedTuple):
    """What one pattern would do. Milliseconds, availability as a share, USD a month on the chosen cloud.

    `cached` says whether a shared cache pays for itself; `people_usd` is shown apart.
    """

    pattern: str
    plan: CapacityPlan
    p95_ms: float
    settled_ms: float
    availability: float
    monthly_usd: float
    cached: bool
    people_usd: float | None


class Component(NamedTuple):
    """A part to run: what it is, how large, and why."""

    name: str
    choice: str
    size: str
    reason: str


class CloudCost(NamedTuple):
    """Low, base and high bill on one cloud, with what to know about the prices."""

    cloud: str
    low: Bill
    base: Bill
    high: Bill
    oldest: str
    newest: str
    warnings: tuple[str, ...]


class RunnerUp(NamedTuple):
    """The second best pattern and why it is not the answer."""

    pattern: str
    gap: float
    reasons: tuple[str, ...]
    break_even_points: tuple[BreakEvenPoint, ...]


class ReviewTrigger(NamedTuple):
    """A measurable sign that the decision should be looked at again."""

    metric: str
    threshold: str
    meaning: str


class Recommendation(NamedTuple):
    """The answer to a team's needs. Scores are log-odds against the monolith."""

    model_version: str
    prices: str
    needs: Needs
    pattern: str
    title: str
    infeasible: bool
    scores: Mapping[str, float]
    probabilities: Mapping[str, float]
    confidence: Confidence
    gates: tuple[Gate, ...]
    score_breakdown: tuple[ScoreLine, ...]
    modifiers: tuple[str, ...]
    runner_up: RunnerUp
    break_even_points: tuple[BreakEvenPoint, ...]
    joint_break_even_points: tuple[BreakEvenPoint, ...]
    estimates: Mapping[str, Estimate]
    components: tuple[Component, ...]
    options: Mapping[str, InputValue]
    costs: tuple[CloudCost, ...]
    review_triggers: tuple[ReviewTrigger, ...]
    claims: Mapping[str, Mapping[str, InputValue]]
    notes: tuple[str, ...]

    @property
    def estimate(self) -> Estimate:
        """The estimate of the recommended pattern."""
        return self.estimates[self.pattern]

    def title_of(self, pattern: str) -> str:
        """How a pattern is called in a sentence."""
        return pattern.replace("-", " ") if pattern != "event-driven" else pattern
