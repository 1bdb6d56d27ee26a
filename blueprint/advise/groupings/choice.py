"""Choice of a grouping: the best one that passes every gate, and those next to it."""

from collections.abc import Sequence
from typing import NamedTuple

from blueprint.advise.candidates import EVENT_DRIVEN, MICROSERVICES, MONOLITH, Candidate
from blueprint.advise.capacity import profile_of
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Gate, Model, closed_gates
from blueprint.advise.groupings.scores import GroupingLine, GroupingModel, GroupingScore
from blueprint.advise.groupings.shapes import shape_of
from blueprint.needs.model import Needs

SHOWN = 5


class GroupingChoice(NamedTuple):
    """A grouping as a candidate, with its score, the points of its terms, and the gates that it fails."""

    score: GroupingScore
    lines: tuple[GroupingLine, ...]
    candidate: Candidate
    gates: tuple[Gate, ...]


def choose_groupings(needs: Needs, model: Model, pattern: str, demand: Demand) -> tuple[GroupingChoice, ...]:
    """Return the chosen grouping for a built-in pattern, and then those with the next scores.

    Microservices have at least two deployables. Without a grouping that passes every gate, the best ones are
    returned with the gates that they fail.
    """
    winner = next(c for c in model.candidates if c.name == pattern)
    if pattern not in (MONOLITH, MICROSERVICES, EVENT_DRIVEN):
        return ()
    shapes = {c.name: c.shape for c in model.candidates}
    groupings = GroupingModel.of(needs, profile_of(shapes[MONOLITH]), profile_of(shapes[MICROSERVICES]))
    scores = [s for s in groupings.scores(needs) if len(s.groups) > 1 or pattern != MICROSERVICES]
    margin, facts = load("model")["groupings"]["margin"], needs.facts()
    found: list[GroupingChoice] = []
    closed: list[GroupingChoice] = []
    for score in scores:
        if len(found) >= SHOWN and score.points < found[0].score.points - margin:
            break
        candidate = winner._replace(shape=shape_of(score, pattern, needs, shapes))
        gates = [
            gate
            for gate in closed_gates(candidate, needs, facts, demand, model.prices)
            # Groups that keep atomic commits together have no such commit between their databases.
            if gate.id != "G1" or score.sagas
        ]
        choice = GroupingChoice(score, tuple(groupings.lines(score.groups)), candidate, tuple(gates))
        (closed if gates else found).append(choice)
    return _chosen_first(found or closed, margin)[:SHOWN]


def _chosen_first(choices: Sequence[GroupingChoice], margin: float) -> tuple[GroupingChoice, ...]:
    """Return the choices by score, but first the simplest of those that are about as good as the best."""
    near = [c for c in choices if c.score.points >= choices[0].score.points - margin]
    if not near:
        return ()
    chosen = min(near, key=lambda choice: len(choice.score.groups))
    return chosen, *(choice for choice in choices if choice is not chosen)
