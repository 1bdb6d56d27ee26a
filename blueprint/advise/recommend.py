"""Entry point of the model: from Needs to a Recommendation."""

from collections.abc import Mapping, Sequence
from datetime import date

from blueprint.advise.architecture import architecture_of
from blueprint.advise.break_even import break_even_points, joint_break_even_points
from blueprint.advise.candidates import EVENT_DRIVEN, MONOLITH, Candidate, built_in_candidates
from blueprint.advise.capacity import plan_for, profile_of
from blueprint.advise.capacity_plan import CapacityPlan, Demand
from blueprint.advise.components import components_for
from blueprint.advise.confidence import ask_first, confidence, probabilities
from blueprint.advise.cost import bill
from blueprint.advise.datafiles import constants, load
from blueprint.advise.decide import Decision, Model, decide, risks
from blueprint.advise.errors import TermError
from blueprint.advise.formatting import count_text
from blueprint.advise.generator_options import limit_notes, options_for
from blueprint.advise.precautions import precautions
from blueprint.advise.prices import CLOUDS, PriceList, default_prices
from blueprint.advise.profiles import Profile, default_profiles
from blueprint.advise.result import CloudCost, Estimate, Recommendation
from blueprint.advise.review_triggers import review_triggers
from blueprint.advise.robustness import robustness
from blueprint.advise.score_breakdown import runner_up, score_breakdown
from blueprint.needs.inputs import inputs
from blueprint.needs.model import Needs


def model_with(
    others: Sequence[Candidate] = (),
    prices: PriceList | None = None,
    measured: Mapping[str, Profile] | None = None,
) -> Model:
    """Return the model with the built-in patterns and `others`. Raises TermError if two have one name.

    `measured` has profiles by pattern, in place of those that come with blueprint.
    """
    taken = {candidate.name for candidate in built_in_candidates()}
    for candidate in others:
        if candidate.name in taken:
            raise TermError(f"{candidate.name}: another pattern has this name", hint="Rename your pattern.")
        taken.add(candidate.name)
    candidates = (*built_in_candidates(), *others)
    if measured is not None:
        shapes = [c.shape._replace(profile=profile_of(c.shape, measured)) for c in candidates]
        shipped = default_profiles().values()
        complete = not others and all(shape.profile not in shipped for shape in shapes)
        candidates = tuple(
            c._replace(shape=shape, measured=complete) for c, shape in zip(candidates, shapes, strict=True)
        )
    return Model(candidates, prices or default_prices())


def recommend(needs: Needs, model: Model, *, today: date) -> Recommendation:
    """Return the recommended pattern with all supporting numbers. `today` decides which prices are old."""
    decision = decide(needs, model)
    demand = Demand.of(needs)
    estimates = {c.name: _estimate(c, needs, demand, model.prices) for c in model.candidates}
    plan = estimates[decision.label].plan
    single = break_even_points(needs, model, decision.outcome)
    joint = joint_break_even_points(needs, model, decision.outcome, single)
    lines = score_breakdown(needs, model)
    probability_of = probabilities(decision)
    unchanged = robustness(needs, model, decision.label)
    winner = next(c for c in model.candidates if c.name == decision.label)
    architecture = architecture_of(decision, needs, len(winner.shape.parts))
    at_risk = risks(needs, model)
    own_bill = bill(plan, demand, model.prices, needs.cloud)
    options = options_for(needs, decision.label, plan, own_bill.cached)
    through_log = architecture.integration == "log"
    return Recommendation(
        model_version=load("model")["version"],
        prices=model.prices.name,
        needs=needs,
        pattern=decision.label,
        title=winner.title,
        infeasible=decision.infeasible,
        scores=decision.scores,
        probabilities=probability_of,
        confidence=confidence(decision, needs, probability_of[decision.label], unchanged),
        gates=decision.gates,
        score_breakdown=lines,
        architecture=architecture,
        risks=at_risk,
        precautions=precautions(needs, decision.label, plan, at_risk),
        runner_up=runner_up(decision, lines, (*single, *joint), estimates),
        break_even_points=single,
        joint_break_even_points=joint,
        estimates=estimates,
        components=components_for(
            needs, plan, options, decision.label == MONOLITH, through_log and decision.label != EVENT_DRIVEN
        ),
        options=options,
        costs=tuple(_cloud_cost(plan, demand, model.prices, cloud, today) for cloud in CLOUDS),
        review_triggers=review_triggers(needs, plan, single, today),
        claims=load("claims")["claims"],
        notes=(*_notes(decision, needs), *limit_notes(plan)),
    )


def _estimate(candidate: Candidate, needs: Needs, demand: Demand, prices: PriceList) -> Estimate:
    plan = plan_for(candidate.shape, demand)
    own = bill(plan, demand, prices, needs.cloud)
    people = constants("cost")["ops_engineers"].get(candidate.name)
    return Estimate(
        pattern=candidate.name,
        plan=plan,
        p95_ms=plan.p95_ms,
        answer_ms=plan.answer_ms,
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
        notes.append("no pattern passes every gate, so the best score is shown; relax a target or the budget")
    questions = [inputs()[name].short for name in ask_first(needs)]
    if questions:
        notes.append(f"answer these first: {', '.join(questions)}; until then, this is a close call")
    assumed = sum(name in needs.assumed for name, spec in inputs().items() if spec.spread != "none")
    if assumed:
        notes.append(
            f"the score depends on {count_text(assumed, 'assumed answer')}; each makes it less certain"
        )
    return notes
