"""A Recommendation: everything that a table, a program, a decision record or a page shows."""

from collections.abc import Mapping
from typing import NamedTuple

from blueprint.advise.cost import Bill
from blueprint.advise.decide import Gate
from blueprint.advise.flips import Flip
from blueprint.advise.plan import Plan
from blueprint.needs.inputs import Value
from blueprint.needs.model import Needs


class Line(NamedTuple):
    """One term of one pattern's score. `assumed` if it rests on an answer that nobody gave."""

    pattern: str
    term: str
    points: float
    why: str
    tag: str
    source: str
    values: tuple[tuple[str, Value], ...]
    assumed: bool


class Confidence(NamedTuple):
    """`probability` is the softmax of the scores, `robustness` the share of draws that keep the label."""

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
    plan: Plan
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
    flips: tuple[Flip, ...]


class Tripwire(NamedTuple):
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
    stuck: bool
    scores: Mapping[str, float]
    probabilities: Mapping[str, float]
    confidence: Confidence
    gates: tuple[Gate, ...]
    account: tuple[Line, ...]
    modifiers: tuple[str, ...]
    runner_up: RunnerUp
    flips: tuple[Flip, ...]
    joint_flips: tuple[Flip, ...]
    estimates: Mapping[str, Estimate]
    components: tuple[Component, ...]
    options: Mapping[str, Value]
    costs: tuple[CloudCost, ...]
    tripwires: tuple[Tripwire, ...]
    claims: Mapping[str, Mapping[str, Value]]
    notes: tuple[str, ...]

    @property
    def estimate(self) -> Estimate:
        """The estimate of the recommended pattern."""
        return self.estimates[self.pattern]

    def title_of(self, pattern: str) -> str:
        """How a pattern is called in a sentence."""
        return pattern.replace("-", " ") if pattern != "event-driven" else pattern
