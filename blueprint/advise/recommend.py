"""Needs in, Recommendation out."""

from collections.abc import Sequence
from datetime import date

from blueprint.advise.break_even import break_even_points, joint_break_even_points
from blueprint.advise.candidates import MICROSERVICES, MONOLITH, Candidate, built_in_candidates
from blueprint.advise.capacity import plan_for
from blueprint.advise.capacity_plan import CapacityPlan, Demand
from blueprint.advise.components import components_for
from blueprint.advise.cost import bill
from blueprint.advise.datafiles import constants, load
from blueprint.advise.decide import Decision, Model, decide
from blueprint.advise.errors import TermError
from blueprint.advise.generator_options import options_for
from blueprint.advise.prices import CLOUDS, PriceList, default_prices
from blueprint.advise.result import CloudCost, Estimate, Recommendation
from blueprint.advise.review_triggers import review_triggers
from blueprint.advise.robustness import robustness
from blueprint.advise.score_breakdown import confidence, modifiers, probabilities, runner_up, score_breakdown
from blueprint.needs.inputs import inputs
from blueprint.needs.model import Needs


def model_with(others: Sequence[Candidate] = (), prices: PriceList | None = None) -> Model:
    """The built-in patterns with those of template authors, which compete on the same scale."""
    taken = {candidate.name for candidate in built_in_candidates()}
    for candidate in others:
        if candidate.name in taken:
            raise TermError(
                f"{candidate.name}: there is a pattern of this name", hint="Give it another name."
            )
        taken.add(candidate.name)
    return Model((*built_in_candidates(), *others), prices or default_prices())


def recommend(needs: Needs, model: Model, *, today: date) -> Recommendation:
    """The recommended pattern with everything that supports it. `today` only ages the prices."""
    decision = decide(needs, model)
    demand = Demand.of(needs)
    estimates = {c.name: _estimate(c, needs, demand, model.prices) for c in model.candidates}
    plan = estimates[decision.label].plan
    alone = break_even_points(needs, model, decision.outcome)
    joint = joint_break_even_points(needs, model, decision.outcome, alone)
    lines = score_breakdown(needs, model)
    chances = probabilities(decision)
    firm = robustness(needs, model, decision.label)
    marks = modifiers(decision)
    own_bill = bill(plan, demand, model.prices, needs.cloud)
    options = options_for(needs, decision.label, plan, own_bill.cached)
    outbox, event_log = "outbox and queue" in marks or decision.label == MONOLITH, "event log" in marks
    return Recommendation(
        model_version=load("model")["version"],
        prices=model.prices.name,
        needs=needs,
        pattern=decision.label,
        title=next(c.title for c in model.candidates if c.name == decision.label),
        infeasible=decision.infeasible,
        scores=decision.scores,
        probabilities=chances,
        confidence=confidence(decision, chances[decision.label], firm),
        gates=decision.gates,
        score_breakdown=lines,
        modifiers=marks,
        runner_up=runner_up(decision, lines, (*alone, *joint), estimates),
        break_even_points=alone,
        joint_break_even_points=joint,
        estimates=estimates,
        components=components_for(
            needs, plan, options, outbox, event_log and decision.label == MICROSERVICES
        ),
        options=options,
        costs=tuple(_cloud_cost(plan, demand, model.prices, cloud, today) for cloud in CLOUDS),
        review_triggers=review_triggers(needs, plan, own_bill, alone),
        claims=load("claims")["claims"],
        notes=tuple(_notes(decision, needs)),
    )


def _estimate(candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList) -> Estimate:
    plan = plan_for(candidate.shape, demand)
    own = bill(plan, demand, prices, needs.cloud)
    people = constants("cost")["ops_engineers"].get(candidate.name)
    return Estimate(
        pattern=candidate.name,
        plan=plan,
        p95_ms=plan.p95_ms,
        settled_ms=plan.settled_ms,
        availability=plan.availability,
        monthly_usd=own.total,
        cached=own.cached,
        people_usd=people * constants("cost")["engineer_usd_month"] if people is not None else None,
    )


def _cloud_cost(plan: CapacityPlan, demand: Demand, prices: PriceList, cloud: str, today: date) -> CloudCost:
    low, base, high = (bill(plan, demand, prices, cloud, level) for level in ("low", "base", "high"))
    oldest, newest = prices.dates(cloud)
    warnings = tuple(prices.warnings(cloud, today))
    return CloudCost(cloud, low, base, high, oldest.isoformat(), newest.isoformat(), warnings)


def _notes(decision: Decision, needs: Needs) -> list[str]:
    notes = []
    if decision.infeasible:
        notes.append("no pattern passes every gate: relax a target or the budget; the best score is shown")
    guesses = sum(name in needs.assumed for name, spec in inputs().items() if spec.spread != "none")
    if guesses:
        notes.append(f"{guesses} answers that the score rests on are assumed; each widens the uncertainty")
    return notes
