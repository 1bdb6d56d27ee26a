"""JSON output of `blueprint recommend`."""

from typing import Any, TypedDict

from blueprint.needs.inputs import InputValue


class ConfidenceOutput(TypedDict):
    """Confidence in the label, and the share of samples that keep it."""

    level: str
    probability: float
    robustness: float


class TermOutput(TypedDict):
    """A term of a pattern's score; `assumed` if it depends on an input without an answer."""

    pattern: str
    term: str
    points: float
    inputs: dict[str, InputValue]
    assumed: bool
    why: str
    tag: str
    source: str


class GateOutput(TypedDict):
    """A hard limit that a pattern fails."""

    id: str
    pattern: str
    reason: str


ChangeOutput = TypedDict(
    "ChangeOutput", {"input": str, "from": InputValue, "to": InputValue, "one_step_before": InputValue}
)
"""A change of one input that changes the recommendation."""


class BreakEvenOutput(TypedDict):
    """A point where the recommendation changes to `pattern`."""

    pattern: str
    text: str
    size: float
    changes: list[ChangeOutput]


class RunnerUpOutput(TypedDict):
    """The second-best pattern, and its distance in points."""

    pattern: str
    gap: float
    reasons: list[str]
    break_even_points: list[BreakEvenOutput]


class ComponentOutput(TypedDict):
    """A part to run."""

    name: str
    choice: str
    size: str
    reason: str


class ServiceOutput(TypedDict):
    """A deployable with its rates per second, times in ms, worker slots and replicas."""

    name: str
    mean_rps: float
    peak_rps: float
    service_ms: float
    slots_mean: int
    slots_peak: int
    replicas: int
    replicas_at_peak: int
    max_replicas: int
    pool_size: int
    wait_p95_ms: float


class EstimateOutput(TypedDict):
    """Estimates for one pattern: times in ms, availability as a share, cost in USD a month."""

    p95_ms: float
    settled_p95_ms: float
    availability: float
    usd_month: float
    people_usd_month: float | None
    deployables: int


class CostOutput(TypedDict):
    """Bill on one cloud, in USD a month."""

    cloud: str
    low: float
    base: float
    high: float
    lines: dict[str, float]
    prices_from: str
    prices_to: str
    warnings: list[str]


class TriggerOutput(TypedDict):
    """A condition under which to review the decision."""

    metric: str
    threshold: str
    meaning: str


class RecommendOutput(TypedDict):
    """A recommendation. `answers` is what `blueprint new --needs` would use."""

    schema: int
    model: str
    pattern: str
    title: str
    confidence: ConfidenceOutput
    fits: bool
    modifiers: list[str]
    scores: dict[str, float]
    probabilities: dict[str, float]
    score_breakdown: list[TermOutput]
    gates: list[GateOutput]
    runner_up: RunnerUpOutput
    break_even_points: list[BreakEvenOutput]
    joint_break_even_points: list[BreakEvenOutput]
    components: list[ComponentOutput]
    answers: dict[str, Any]
    services: list[ServiceOutput]
    estimates: dict[str, EstimateOutput]
    costs: list[CostOutput]
    prices: str
    claims: dict[str, dict[str, InputValue]]
    review_triggers: list[TriggerOutput]
    needs: dict[str, Any]
    assumed: list[str]
    notes: list[str]
    written: list[str]


class CountOutput(TypedDict):
    """Cases that the model decides as expected, of all, and how many it must."""

    hits: int
    of: int
    floor: int


class CaseOutput(TypedDict):
    """A published decision, and that of the model."""

    id: str
    model: str
    worked: str | None
    acceptable: list[str]


class CasesOutput(TypedDict):
    """Published decisions that the model is tested against (`--cases`)."""

    note: str
    lenient: CountOutput
    strict: CountOutput
    cases: list[CaseOutput]
