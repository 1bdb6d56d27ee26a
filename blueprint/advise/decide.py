"""Decision: the scores of all patterns, the gates that they fail, and the label that wins."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from blueprint.advise.candidates import MICROSERVICES, Candidate
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.datafiles import load
from blueprint.advise.hosting.availability import within_reach
from blueprint.advise.hosting.choice import choose_host
from blueprint.advise.prices import PriceList
from blueprint.needs.model import Needs

NO_PATTERN = "none"
"""Outcome when every pattern fails a gate."""


class Gate(NamedTuple):
    """A hard limit that a pattern fails, with the reason."""

    id: str
    pattern: str
    reason: str


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
    """Return the gates that this pattern fails."""
    by_rule = [
        Gate(rule.id, candidate.name, rule.reason)
        for rule in RULES
        if rule.concerns(candidate) and rule.closes(*[facts[name] for name in rule.inputs])
    ]
    return by_rule + measured_gates(candidate, needs, demand, prices)


class Rule(NamedTuple):
    """A gate that depends on inputs only, not on the sizes of the pattern."""

    id: str
    inputs: tuple[str, ...]
    concerns: Callable[[Candidate], bool]
    closes: Callable[..., bool]
    reason: str


def _transactions_cross(cross_module_tx: str, independent_deploy: str, engineers: float) -> bool:
    exempt = load("model")["gates"]["G1"]["required_exemption_engineers"]
    return cross_module_tx == "many" and not (independent_deploy == "required" and engineers >= exempt)


def _understaffed(ops_maturity: float, engineers: float) -> bool:
    gate = load("model")["gates"]["G2"]
    return bool(ops_maturity <= gate["ops_maturity"] and engineers <= gate["engineers"])


RULES = (
    Rule(
        "G1",
        ("cross_module_tx", "independent_deploy", "engineers"),
        lambda candidate: candidate.name == MICROSERVICES,
        _transactions_cross,
        "more than a third of the writes must commit in several modules at once",
    ),
    Rule(
        "G2",
        ("ops_maturity", "engineers"),
        lambda candidate: candidate.split,
        _understaffed,
        "too few engineers and operations practices to run more than one deployable",
    ),
)


def measured_gates(candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList) -> list[Gate]:
    """Return the failed gates that depend on the sizes of the pattern: latency, availability, budget."""
    choice = choose_host(candidate.shape, needs, demand, prices)
    hosted, plan = choice.hosted, choice.hosted.plan
    gates = []
    if plan.p95_ms > needs.p95_ms:
        gates.append(("G3", f"p95 of about {plan.p95_ms:.0f} ms misses the target of {needs.p95_ms:g} ms"))
    asked = "availability" not in needs.assumed
    if asked and not within_reach(hosted.availability, needs.availability / 100):
        promised = f"availability of {hosted.availability:.3%} by the agreements of the provider"
        gates.append(("G4", f"{promised} misses the target of {needs.availability:g}%"))
    budget, least = needs.budget_usd_month, choice.low_usd
    if budget is not None and least is not None and least > budget:
        gates.append(("G5", f"at least {least:,.0f} USD a month exceeds the budget of {budget:,.0f} USD"))
    return [Gate(identifier, candidate.name, reason) for identifier, reason in gates]


def alternatives(scores: Mapping[str, float], label: str, closed: Sequence[str]) -> list[str]:
    """Return the other patterns by score, those that fail a gate last."""
    return sorted((n for n in scores if n != label), key=lambda name: (name in closed, -scores[name]))
