"""Decision: the scores of all patterns, the gates that they fail, and the label that wins."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from blueprint.advise.candidates import Candidate
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.datafiles import load
from blueprint.advise.prices import PriceList
from blueprint.advise.targets import Target, closing_targets, targets_of
from blueprint.needs.inputs import InputValue
from blueprint.needs.model import Needs

NO_PATTERN = "none"
"""Outcome when every pattern fails a gate."""


class Gate(NamedTuple):
    """A limit that a pattern fails, with the reason; `values` are the figures that it compares."""

    id: str
    pattern: str
    reason: str
    values: Mapping[str, InputValue]


class Model(NamedTuple):
    """The patterns that compete, and the prices for the budget gate."""

    candidates: tuple[Candidate, ...]
    prices: PriceList


class Decision(NamedTuple):
    """The label with all scores and closed gates; `infeasible` if every pattern fails a gate."""

    label: str
    scores: Mapping[str, float]
    gates: tuple[Gate, ...]
    infeasible: bool

    @property
    def outcome(self) -> str:
        """The label, or NO_PATTERN if every pattern fails a gate."""
        return NO_PATTERN if self.infeasible else self.label


def decide(needs: Needs, model: Model) -> Decision:
    """Return the pattern with the best score among those that pass every gate; on a tie, the earlier one."""
    facts = needs.facts()
    scores = {candidate.name: score(candidate, facts) for candidate in model.candidates}
    demand = Demand.of(needs)
    gates = [gate for c in model.candidates for gate in closed_gates(c, needs, facts, demand, model.prices)]
    label, infeasible = best_pattern(scores, {gate.pattern for gate in gates})
    return Decision(label, scores, tuple(gates), infeasible)


def score(candidate: Candidate, facts: Mapping[str, Any]) -> float:
    """Return the score of a pattern in log-odds: the sum of its terms."""
    return sum(term.points(*[facts[name] for name in term.inputs]) for term in candidate.terms)


def best_pattern(scores: Mapping[str, float], closed: set[str]) -> tuple[str, bool]:
    """Return the best pattern that is not `closed`, and False; if all are closed, the best one and True."""
    names = [name for name in scores if name not in closed]
    return max(names or list(scores), key=scores.__getitem__), not names


def closed_gates(
    candidate: Candidate, needs: Needs, facts: Mapping[str, Any], demand: Demand, prices: PriceList
) -> list[Gate]:
    """Return the gates that this pattern fails: on given answers, or on measured figures and a budget."""
    by_rule = [
        Gate(rule.id, candidate.name, rule.reason, {name: facts[name] for name in rule.inputs})
        for rule in rules_for(candidate, needs.assumed)
        if rule.closes(*[facts[name] for name in rule.inputs])
    ]
    return by_rule + [_gate(target) for target in closing_targets(candidate, needs, demand, prices)]


def risks(needs: Needs, model: Model) -> tuple[Gate, ...]:
    """Return the targets that an estimate misses without closing a gate: measure before deciding."""
    demand = Demand.of(needs)
    targets = [t for c in model.candidates for t in targets_of(c, needs, demand, model.prices)]
    return tuple(_gate(target) for target in targets if target.missed and not target.closes)


def _gate(target: Target) -> Gate:
    values: dict[str, InputValue] = {
        "estimate": round(target.estimate, 4),
        "limit": round(target.limit, 4),
        "unit": target.unit,
    }
    return Gate(target.id, target.pattern, target.reason, values)


class Rule(NamedTuple):
    """A gate that depends on answers only. It acts on given answers, never on assumed ones."""

    id: str
    inputs: tuple[str, ...]
    concerns: Callable[[Candidate], bool]
    closes: Callable[..., bool]
    reason: str


def rules_for(candidate: Candidate, assumed: Collection[str]) -> list[Rule]:
    """Return the rules that concern a pattern and read no assumed answer."""
    return [rule for rule in RULES if rule.concerns(candidate) and not {*rule.inputs} & {*assumed}]


def _understaffed(ops_maturity: float, engineers: float) -> bool:
    gate = load("model")["gates"]["G2"]
    return bool(ops_maturity <= gate["ops_maturity"] and engineers <= gate["engineers"])


RULES = (
    Rule(
        "G1",
        ("cross_module_tx",),
        lambda candidate: candidate.shape.databases > 1,
        lambda cross_module_tx: bool(cross_module_tx == "many"),
        "many commits must be atomic across modules, which binds these modules into one deployable",
    ),
    Rule(
        "G2",
        ("ops_maturity", "engineers"),
        lambda candidate: candidate.split,
        _understaffed,
        "too few engineers and operations practices to run more than one deployable",
    ),
)


def alternatives(scores: Mapping[str, float], label: str, closed: Sequence[str]) -> list[str]:
    """Return the other patterns by score, those that fail a gate last."""
    return sorted((n for n in scores if n != label), key=lambda name: (name in closed, -scores[name]))
