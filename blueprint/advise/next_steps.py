"""Next steps: what to do first, what it costs if the decision is wrong, and how to move later."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from blueprint.advise.candidates import CONTEXTS, EVENT_DRIVEN, MICROSERVICES, MONOLITH
from blueprint.advise.decide import alternatives
from blueprint.advise.formatting import label_text, usd_text
from blueprint.advise.generator_options import answers_for
from blueprint.advise.result import Recommendation, Today

NOTABLE_USD = 1.0
SHOWN_TERMS = 2

MOVES: Mapping[tuple[str, str], str] = {
    (MONOLITH, MICROSERVICES): "Move one module at a time into a service. Its package and its tables keep "
    "their names, and its ports get adapters that call over HTTP.",
    (MONOLITH, EVENT_DRIVEN): "Publish the outbox to an event log and let new consumers read it. Then move "
    "one consumer at a time into a service.",
    (MICROSERVICES, MONOLITH): "Compose two services into one deployable at a time. Their packages and "
    "tables keep their names, and their calls become imports.",
    (MICROSERVICES, EVENT_DRIVEN): "Publish events to a log beside the calls. Then replace one call at a "
    "time by a consumer.",
    (EVENT_DRIVEN, MONOLITH): "Compose the services into one deployable that reads the log. Then replace one "
    "topic at a time by an import.",
    (EVENT_DRIVEN, MICROSERVICES): "Replace one topic at a time by a call, beginning with those that have a "
    "single consumer. Keep the log for the others.",
}
"""How to move from one built-in pattern to another, in steps that can be undone."""
NO_WAY = "Create a project of the recommended pattern, and move one module at a time."


class NextSteps(NamedTuple):
    """What follows from a recommendation: steps in their order, and for each other pattern two sentences."""

    first: tuple[str, ...]
    if_wrong: Mapping[str, str]
    later: Mapping[str, str]


def next_steps(r: Recommendation) -> NextSteps:
    """Return the next steps after a recommendation."""
    others = alternatives(r.scores, r.pattern, [gate.pattern for gate in r.gates])
    return NextSteps(
        first=tuple(_first(r)),
        if_wrong={other: _if_wrong(r, other) for other in others},
        later={other: MOVES[r.pattern, other] for other in others if (r.pattern, other) in MOVES},
    )


def _first(r: Recommendation) -> Iterator[str]:
    if r.infeasible:
        yield "Relax a target or the budget: no pattern passes every gate."
    if r.confidence.ask_first:
        questions = ", ".join(map(label_text, r.confidence.ask_first))
        yield f"Answer these questions and repeat the recommendation: {questions}."
    yield from _from_today(r, r.today) if r.today else _from_nothing(r)
    if "contexts" not in answers_for(r):
        # Only a shop has `make bench`, which places orders.
        yield _measuring(r)
    yield "Load the review triggers into Prometheus. They say when the decision is due for a review."


def _measuring(r: Recommendation) -> str:
    if any((risk.id, risk.pattern) == ("G3", r.pattern) for risk in r.risks):
        return "Run `make bench` in it before you decide for good: the estimated latency misses its target."
    return "Run `make bench` in it, and repeat with `--measured` to size it by your own hardware."


def _from_nothing(r: Recommendation) -> Iterator[str]:
    """Yield the steps of a team without a project."""
    yield (
        "Create the project with these sizes: `blueprint new NAME --needs needs.yaml`. `--save` writes "
        "that file."
    )
    if r.pattern == MONOLITH and r.architecture.deployables:
        yield (
            "Or create it as one service that can be divided by commands: add `--pattern microservices "
            f"--set deployables='[[{', '.join(CONTEXTS)}]]'`. Its first step is then "
            f"`{r.groupings[0].commands[0]}`."
        )


def _from_today(r: Recommendation, today: Today) -> Iterator[str]:
    """Yield the steps of a team with a project, the smallest first."""
    by_commands = {MICROSERVICES: (MONOLITH, MICROSERVICES), EVENT_DRIVEN: (EVENT_DRIVEN,)}
    if today.groups and r.pattern in by_commands.get(today.pattern, ()) and r.groupings:
        first, *others = r.groupings[0].commands or ("",)
        if not first:
            yield "Keep the deployables of your project: they are the recommended ones."
            return
        then = f" Then, one after the other: {', '.join(f'`{command}`' for command in others)}."
        yield f"Run `{first}` in your project.{then if others else ''}"
        return
    target = MICROSERVICES if r.pattern == MONOLITH and r.architecture.deployables else r.pattern
    kept = f"Keep the pattern of your project: {today.pattern} is the recommended one."
    yield kept if target == today.pattern else MOVES.get((today.pattern, target), NO_WAY)


def _if_wrong(r: Recommendation, other: str) -> str:
    """Return what is lost if the other pattern had been right."""
    own, theirs = r.estimates[r.pattern], r.estimates[other]
    bill, people = own.monthly_usd - theirs.monthly_usd, own.people_usd - theirs.people_usd
    extra = bill + people
    if extra >= NOTABLE_USD:
        return (
            f"You pay about {usd_text(extra)} a month more than {other} costs: "
            f"{usd_text(bill)} for infrastructure and {usd_text(people)} for people."
        )
    reasons = sorted(
        (line for line in r.score_breakdown if line.pattern == other and line.points > 0),
        key=lambda line: -line.points,
    )
    lacking = "; ".join(line.why for line in reasons[:SHOWN_TERMS])
    lost = f"You do without its advantages: {lacking}." if lacking else "No answer speaks for it now."
    return f"{lost} Until you move, you pay about {usd_text(-extra)} a month less."
