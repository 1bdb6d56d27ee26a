"""Choice of a grouping: the best one that passes every gate, and those next to it."""

from collections.abc import Sequence
from typing import NamedTuple

from blueprint.advise.candidates import EVENT_DRIVEN, MICROSERVICES, MONOLITH, Candidate
from blueprint.advise.capacity import profile_of
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Decision, Gate, Model, closed_gates
from blueprint.advise.groupings.candidates import groupings_of
from blueprint.advise.groupings.scores import GroupingLine, GroupingModel, GroupingScore
from blueprint.advise.groupings.shapes import shape_of
from blueprint.needs.model import Needs

SHOWN = 5
MOST_EXAMINED = 40
"""Groupings that are examined if one passes: with a tight budget nearly all fail, and each needs a bill."""


class GroupingChoice(NamedTuple):
    """A grouping as a candidate, with its score, the points of its terms, and the gates that it fails."""

    score: GroupingScore
    lines: tuple[GroupingLine, ...]
    candidate: Candidate
    gates: tuple[Gate, ...]


def choose_groupings(
    needs: Needs, model: Model, decision: Decision, demand: Demand
) -> tuple[GroupingChoice, ...]:
    """Return the chosen grouping for the pattern of a decision, and then those with the next scores.

    Microservices have at least two deployables, and a pattern that is not built in has no groupings.
    """
    if decision.label not in (MONOLITH, MICROSERVICES, EVENT_DRIVEN):
        return ()
    shapes = {c.name: c.shape for c in model.candidates}
    scorer = GroupingModel.of(needs, profile_of(shapes[MONOLITH]), profile_of(shapes[MICROSERVICES]))
    least = 2 if decision.label == MICROSERVICES else 1
    scores = scorer.scores(groups for groups in groupings_of(needs.flows) if len(groups) >= least)
    winner = next(c for c in model.candidates if c.name == decision.label)
    margin: float = load("model")["groupings"]["margin"]
    passing: list[GroupingChoice] = []
    failing: list[GroupingChoice] = []
    for examined, score in enumerate(scores):
        enough = len(passing) >= SHOWN and score.points < passing[0].score.points - margin
        if enough or (passing and examined >= MOST_EXAMINED):
            break
        candidate = winner._replace(shape=shape_of(score, decision.label, needs, shapes))
        gates = _gates(score, candidate, needs, model, demand)
        choice = GroupingChoice(score, tuple(scorer.lines(score.groups)), candidate, gates)
        # Where no pattern passes, the best score is recommended, and so is the best grouping.
        (failing if gates and not decision.infeasible else passing).append(choice)
    return (*_simplest_first(passing or failing, margin), *(failing if passing else ()))[:SHOWN]


def _gates(
    score: GroupingScore, candidate: Candidate, needs: Needs, model: Model, demand: Demand
) -> tuple[Gate, ...]:
    """Return the gates that a grouping fails: not G1 if it keeps atomic commits within its databases."""
    closed = closed_gates(candidate, needs, needs.facts(), demand, model.prices)
    return tuple(gate for gate in closed if gate.id != "G1" or score.sagas)


def _simplest_first(choices: Sequence[GroupingChoice], margin: float) -> tuple[GroupingChoice, ...]:
    """Return the choices by score, but first the simplest of those that are about as good as the best."""
    near = [c for c in choices if c.score.points >= choices[0].score.points - margin]
    chosen = min(near, key=lambda choice: len(choice.score.groups), default=None)
    return tuple(sorted(choices, key=lambda choice: choice is not chosen))
