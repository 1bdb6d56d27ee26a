"""Entry point of the model: from Needs to a Recommendation."""

from collections.abc import Mapping, Sequence
from datetime import date

from blueprint.advise.architecture import architecture_of
from blueprint.advise.break_even import break_even_points, joint_break_even_points
from blueprint.advise.candidates import BUILT_IN, EVENT_DRIVEN, MONOLITH, Candidate, built_in_candidates
from blueprint.advise.capacity import profile_of
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.components import components_for
from blueprint.advise.confidence import ask_first, confidence, probabilities
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Decision, Model, decide, risks
from blueprint.advise.errors import TermError
from blueprint.advise.estimates import Estimator
from blueprint.advise.formatting import count_text
from blueprint.advise.generator_options import limit_notes, options_for
from blueprint.advise.groupings.choice import choose_groupings
from blueprint.advise.hosting.notes import hosting_notes
from blueprint.advise.precautions import precautions
from blueprint.advise.prices import CLOUDS, PriceList, default_prices
from blueprint.advise.profiles import Profile, default_profiles
from blueprint.advise.result import Recommendation, Today
from blueprint.advise.review_triggers import review_triggers
from blueprint.advise.robustness import robustness
from blueprint.advise.score_breakdown import runner_up, score_breakdown
from blueprint.advise.stacks import choose_stack, stack_names
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


def recommend(needs: Needs, model: Model, *, today: date, project: Today | None = None) -> Recommendation:
    """Return the recommended pattern with all supporting numbers.

    `today` decides which prices are old, `project` from where the first step begins.
    """
    decision = decide(needs, model)
    demand = Demand.of(needs)
    winner = next(c for c in model.candidates if c.name == decision.label)
    groupings = choose_groupings(needs, model, decision, demand)
    groups = groupings[0].score.groups if groupings else ()
    architecture = architecture_of(decision, needs, groups, len(winner.shape.parts))
    deployed = winner
    if architecture.deployables and decision.label != MONOLITH:
        # One begins with a monolith, but with services of the chosen groups.
        deployed = groupings[0].candidate
    estimator = Estimator(needs, demand, model.prices)
    stacks = stack_names() if winner.name in BUILT_IN else []
    in_stacks = tuple(estimator.stack(name, deployed.shape) for name in stacks)
    candidates = [estimator.in_its_stack(c) for c in model.candidates]
    shape = estimator.in_its_stack(deployed).shape
    choices = {c.name: estimator.host_of(shape if c.name == winner.name else c.shape) for c in candidates}
    estimates = {c.name: estimator.estimate(c, choices[c.name]) for c in candidates}
    hosted = choices[decision.label].hosted
    plan = hosted.plan
    single = break_even_points(needs, model, decision.outcome)
    joint = joint_break_even_points(needs, model, decision.outcome, single)
    lines = score_breakdown(needs, model)
    probability_of = probabilities(decision)
    unchanged = robustness(needs, model, decision.label)
    at_risk = risks(needs, model)
    own_bill = hosted.bill(demand, model.prices, needs.cloud)
    separate = estimates[decision.label].separate
    options = options_for(needs, decision.label, separate, hosted.host, cached=own_bill.cached)
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
        groupings=tuple(estimator.grouping(choice, project) for choice in groupings),
        shape=shape,
        stack=choose_stack(needs, decision.label),
        stacks=in_stacks,
        risks=at_risk,
        precautions=precautions(needs, decision.label, groups, plan, at_risk),
        runner_up=runner_up(decision, lines, (*single, *joint), estimates),
        break_even_points=single,
        joint_break_even_points=joint,
        estimates=estimates,
        components=components_for(
            needs, plan, options, decision.label == MONOLITH, through_log and decision.label != EVENT_DRIVEN
        ),
        options=options,
        host_reason=choices[decision.label].reason,
        hosts=estimator.hosts(shape),
        costs=tuple(estimator.cloud_cost(shape, hosted.host, cloud, today) for cloud in CLOUDS),
        review_triggers=review_triggers(needs, plan, single, today),
        claims=load("claims")["claims"],
        notes=(
            *_notes(decision, needs),
            *limit_notes(plan),
            *hosting_notes(choices[decision.label], needs, demand, model.prices, options),
        ),
        today=project,
    )


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
