"""Entry point of the model: from Needs to a Recommendation."""

from collections.abc import Mapping, Sequence
from datetime import date

from blueprint.advise.architecture import architecture_of
from blueprint.advise.break_even import break_even_points, joint_break_even_points
from blueprint.advise.candidates import CONTEXTS, EVENT_DRIVEN, MONOLITH, Candidate, built_in_candidates
from blueprint.advise.capacity import profile_of
from blueprint.advise.capacity_plan import Demand, Shape
from blueprint.advise.components import components_for
from blueprint.advise.confidence import ask_first, confidence, probabilities
from blueprint.advise.cost.lines import COST_LEVELS
from blueprint.advise.cost.people import operating_usd
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Decision, Model, decide, risks
from blueprint.advise.errors import TermError
from blueprint.advise.formatting import count_text
from blueprint.advise.generator_options import limit_notes, options_for
from blueprint.advise.groupings.choice import GroupingChoice, choose_groupings
from blueprint.advise.groupings.scores import is_shop
from blueprint.advise.groupings.steps import commands
from blueprint.advise.hosting.choice import HostChoice, choose_host, every_host, on_host
from blueprint.advise.hosting.notes import hosting_notes
from blueprint.advise.precautions import precautions
from blueprint.advise.prices import CLOUDS, PriceList, default_prices
from blueprint.advise.profiles import Profile, default_profiles
from blueprint.advise.providers import product
from blueprint.advise.result import (
    CloudCost,
    Estimate,
    GroupingOption,
    HostCost,
    Recommendation,
    StackOption,
    Today,
)
from blueprint.advise.review_triggers import review_triggers
from blueprint.advise.robustness import robustness
from blueprint.advise.score_breakdown import runner_up, score_breakdown
from blueprint.advise.stacks import (
    PYTHON,
    choose_stack,
    has_stack,
    shape_in,
    stack_names,
    start_cpu_s,
    title_of,
)
from blueprint.advise.targets import latency_sd
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
    groupings = choose_groupings(needs, model, decision.label, demand)
    groups = groupings[0].score.groups if groupings else ()
    architecture = architecture_of(decision, needs, groups, len(winner.shape.parts))
    deployed = winner
    if architecture.deployables and decision.label != MONOLITH:
        # One begins with a monolith, but with services of the chosen groups.
        deployed = groupings[0].candidate
    stack = choose_stack(needs, decision.label)
    in_python = deployed.shape
    candidates = [_in_its_stack(c, needs) for c in model.candidates]
    deployed = _in_its_stack(deployed, needs)
    choices = {
        c.name: choose_host((deployed if c.name == winner.name else c).shape, needs, demand, model.prices)
        for c in candidates
    }
    estimates = {c.name: _estimate(c, choices[c.name], needs, demand, model.prices) for c in candidates}
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
        groupings=tuple(_grouping(choice, needs, demand, model.prices, project) for choice in groupings),
        shape=deployed.shape,
        stack=stack,
        stacks=tuple(
            _stack(name, winner.name, in_python, needs, demand, model.prices)
            for name in stack_names()
            if has_stack(winner.name, PYTHON)
        ),
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
        host_reason=choices[decision.label].reason,
        hosts=_hosts(deployed.shape, needs, demand, model.prices),
        costs=tuple(
            _cloud_cost(deployed.shape, hosted.host, needs, demand, model.prices, cloud, today)
            for cloud in CLOUDS
        ),
        review_triggers=review_triggers(needs, plan, single, today),
        claims=load("claims")["claims"],
        notes=(
            *_notes(decision, needs),
            *limit_notes(plan),
            *hosting_notes(choices[decision.label], needs, demand, model.prices),
        ),
        today=project,
    )


def _grouping(
    choice: GroupingChoice,
    needs: Needs,
    demand: Demand,
    prices: PriceList,
    project: Today | None,
) -> GroupingOption:
    candidate, groups = _in_its_stack(choice.candidate, needs), choice.score.groups
    start = project.groups if project and project.groups else (CONTEXTS,)
    host = choose_host(candidate.shape, needs, demand, prices)
    return GroupingOption(
        groups=groups,
        points=choice.score.points,
        lines=choice.lines,
        sagas=choice.score.sagas,
        gates=choice.gates,
        estimate=_estimate(candidate, host, needs, demand, prices),
        commands=tuple(commands(start, groups)) if is_shop(needs) else (),
    )


def _in_its_stack(candidate: Candidate, needs: Needs) -> Candidate:
    """Return a candidate with the demands of the stack that it would be generated in."""
    stack = choose_stack(needs, candidate.name).name
    return candidate._replace(shape=shape_in(candidate.shape, stack))


def _stack(
    name: str, pattern: str, shape: Shape, needs: Needs, demand: Demand, prices: PriceList
) -> StackOption:
    """Return what a shape costs in a stack, whether or not the generator has it."""
    hosted = choose_host(shape_in(shape, name), needs, demand, prices).hosted
    services = hosted.plan.services
    return StackOption(
        name=name,
        title=title_of(name),
        cpu_ms=sum(service.cpu_ms for service in services),
        memory_mib=hosted.plan.memory_mib,
        copies_at_peak=sum(service.copies_at_peak for service in services),
        start_cpu_s=start_cpu_s(name),
        usd_month=hosted.bill(demand, prices, needs.cloud).total,
        generated=has_stack(pattern, name),
    )


def _estimate(
    candidate: Candidate, choice: HostChoice, needs: Needs, demand: Demand, prices: PriceList
) -> Estimate:
    """Return the estimate for a candidate on a host; it may have the shape of some groups."""
    hosted = choice.hosted
    low, base, high = (hosted.bill(demand, prices, needs.cloud, level) for level in COST_LEVELS)
    return Estimate(
        pattern=candidate.name,
        plan=hosted.plan,
        separate=on_host(candidate.shape, needs, demand, prices, hosted.host).plan,
        p95_ms=hosted.plan.p95_ms,
        answer_ms=hosted.plan.answer_ms,
        settled_ms=hosted.plan.settled_ms,
        availability=hosted.availability,
        monthly_usd=base.total,
        cached=base.cached,
        people_usd=operating_usd(hosted.plan, hosted.host, needs),
        host=hosted.host,
        low_usd=low.total,
        high_usd=high.total,
        latency_sd=latency_sd(candidate, needs),
    )


def _hosts(shape: Shape, needs: Needs, demand: Demand, prices: PriceList) -> tuple[HostCost, ...]:
    rows = []
    for hosted in every_host(shape, needs, demand, prices):
        low, base, high = (hosted.bill(demand, prices, needs.cloud, level).total for level in COST_LEVELS)
        name, usd = product(needs.cloud, hosted.host), (low, base, high) if hosted.holds else None
        rows.append(HostCost(hosted.host, name, usd, hosted.availability, hosted.obstacles))
    return tuple(rows)


def _cloud_cost(
    shape: Shape, host: str, needs: Needs, demand: Demand, prices: PriceList, cloud: str, today: date
) -> CloudCost:
    hosted = on_host(shape, needs.change({"cloud": cloud}), demand, prices, host)
    low, base, high = (hosted.bill(demand, prices, cloud, level) for level in COST_LEVELS)
    oldest, newest = prices.dates(cloud, base.roles) or (None, None)
    return CloudCost(
        cloud=cloud,
        product=product(cloud, host),
        low=low,
        base=base,
        high=high,
        oldest=oldest.isoformat() if oldest else None,
        newest=newest.isoformat() if newest else None,
        warnings=tuple(prices.warnings(cloud, base.roles, today)),
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
