"""Recommendation and its parts: everything that the reports show."""

from collections.abc import Mapping
from typing import NamedTuple

from blueprint.advise.architecture import Architecture
from blueprint.advise.break_even import BreakEvenPoint
from blueprint.advise.capacity_plan import CapacityPlan, Shape
from blueprint.advise.cost.bill import Bill
from blueprint.advise.decide import Gate
from blueprint.advise.groupings.candidates import Groups
from blueprint.advise.groupings.scores import GroupingLine
from blueprint.advise.stacks import StackChoice
from blueprint.needs.inputs import InputValue
from blueprint.needs.model import Needs


class ScoreLine(NamedTuple):
    """A term of a pattern's score; `assumed` if it depends on an input without an answer."""

    pattern: str
    term: str
    points: float
    why: str
    tag: str
    source: str
    values: tuple[tuple[str, InputValue], ...]
    assumed: bool


class Confidence(NamedTuple):
    """Confidence in the label.

    `probability` is the softmax of the scores, `robustness` the share of samples that keep the label.
    `ask_first` names the inputs that must be answered before the confidence can be more than a close call.
    """

    level: str
    probability: float
    robustness: float
    ask_first: tuple[str, ...]

    @property
    def close_call(self) -> bool:
        """Whether the runner-up is so near that it gets a second decision record."""
        return self.level == "close call"


class Estimate(NamedTuple):
    """Estimates for one pattern: times in ms, availability as a share, USD a month on the chosen cloud.

    Of the longest flow, `answer_ms` is the p95 to the answer, `settled_ms` until every module has finished,
    and `p95_ms` the one of the two that the flow needs; `latency_sd` is their lognormal sigma. `cached` says
    whether a shared cache pays off.
    `monthly_usd` is the base bill on `host`, between `low_usd` and `high_usd`. `people_usd` is what operating
    costs in people, and not part of the bill. `separate` are the sizes of single contexts, which the
    generator takes; they are those of the plan unless contexts are grouped.
    """

    pattern: str
    plan: CapacityPlan
    separate: CapacityPlan
    p95_ms: float
    answer_ms: float
    settled_ms: float
    availability: float
    monthly_usd: float
    cached: bool
    people_usd: float
    host: str
    low_usd: float
    high_usd: float
    latency_sd: float


class GroupingOption(NamedTuple):
    """A grouping of the modules into deployables: what it gains and costs beside one deployable.

    `points` are the sum of its `lines`, in log-odds. `sagas` are the flows whose commit it cuts, `gates` what
    rules it out. `commands` lead there from the project of the team, or from one service with all contexts.
    """

    groups: Groups
    points: float
    lines: tuple[GroupingLine, ...]
    sagas: tuple[str, ...]
    gates: tuple[Gate, ...]
    estimate: Estimate
    commands: tuple[str, ...]

    @property
    def gains(self) -> tuple[GroupingLine, ...]:
        """The terms that speak for it."""
        return tuple(line for line in self.lines if line.points > 0)

    @property
    def costs(self) -> tuple[GroupingLine, ...]:
        """The terms that speak against it."""
        return tuple(line for line in self.lines if line.points < 0)


class StackOption(NamedTuple):
    """What the recommended deployables of a built-in pattern cost in one stack.

    `cpu_ms` is the CPU time of an average request in all services, `memory_mib` the memory of a replica,
    `copies_at_peak` the processes at the peak, `start_cpu_s` the CPU time until a process is ready.
    """

    name: str
    title: str
    cpu_ms: float
    memory_mib: int
    copies_at_peak: int
    start_cpu_s: float
    usd_month: float


class Today(NamedTuple):
    """What a team has today: the pattern of its project, and the groups of contexts if that has any."""

    pattern: str
    groups: Groups | None


class Component(NamedTuple):
    """A part to run, with the choice of product, its size and the reason."""

    name: str
    choice: str
    size: str
    reason: str


class HostCost(NamedTuple):
    """One kind of host for the pattern on the chosen cloud, with its low, base and high bill in USD a month.

    `obstacles` says why it does not fit. A host that cannot hold the load or the data has no bill.
    """

    host: str
    product: str
    usd: tuple[float, float, float] | None
    availability: float
    obstacles: tuple[str, ...]


class CloudCost(NamedTuple):
    """Low, base and high bill on one cloud, with the dates and the caveats of the prices."""

    cloud: str
    product: str
    low: Bill
    base: Bill
    high: Bill
    oldest: str | None
    newest: str | None
    warnings: tuple[str, ...]


class RunnerUp(NamedTuple):
    """The second-best pattern, its distance in points, and why it was not recommended."""

    pattern: str
    gap: float
    reasons: tuple[str, ...]
    break_even_points: tuple[BreakEvenPoint, ...]


class Precaution(NamedTuple):
    """One thing to do, with the figures that call for it."""

    id: str
    text: str
    values: Mapping[str, InputValue]


class ReviewTrigger(NamedTuple):
    """A condition under which to review the decision, as the parts of a Prometheus alerting rule.

    The rule fires once `expr`, which compares with `threshold`, has held for `duration`.
    """

    name: str
    metric: str
    threshold: float
    unit: str
    expr: str
    duration: str
    summary: str


class Recommendation(NamedTuple):
    """The recommended pattern for some needs, with everything that supports it.

    Scores are log-odds relative to the monolith. The first of the `groupings` is the recommended one, and
    `shape` is that of the recommended deployables.
    """

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
    architecture: Architecture
    groupings: tuple[GroupingOption, ...]
    shape: Shape
    stack: StackChoice
    stacks: tuple[StackOption, ...]
    risks: tuple[Gate, ...]
    precautions: tuple[Precaution, ...]
    runner_up: RunnerUp
    break_even_points: tuple[BreakEvenPoint, ...]
    joint_break_even_points: tuple[BreakEvenPoint, ...]
    estimates: Mapping[str, Estimate]
    components: tuple[Component, ...]
    options: Mapping[str, InputValue]
    host_reason: str
    hosts: tuple[HostCost, ...]
    costs: tuple[CloudCost, ...]
    review_triggers: tuple[ReviewTrigger, ...]
    claims: Mapping[str, Mapping[str, InputValue]]
    notes: tuple[str, ...]
    today: Today | None

    @property
    def estimate(self) -> Estimate:
        """Estimate for the recommended pattern."""
        return self.estimates[self.pattern]
