"""Shapes of groupings: the deployables, databases and measured figures that their sizes follow from."""

from collections.abc import Mapping

from blueprint.advise.candidates import (
    CONTEXTS,
    EVENT_DRIVEN,
    EVENT_DRIVEN_SERVICES,
    EVENT_DRIVEN_WORKERS,
    MICROSERVICES,
    MONOLITH,
)
from blueprint.advise.capacity import profile_of
from blueprint.advise.capacity_plan import Shape
from blueprint.advise.groupings.candidates import Groups
from blueprint.advise.groupings.measured import grouped_profile, joined_profile, touched
from blueprint.advise.groupings.scores import GroupingScore, is_shop
from blueprint.needs.model import Needs

CONSUMERS = tuple((name,) for name in EVENT_DRIVEN_SERVICES if name not in CONTEXTS)
"""Services of an event-driven shop that only consume events; they are not grouped."""


def shape_of(score: GroupingScore, pattern: str, needs: Needs, shapes: Mapping[str, Shape]) -> Shape:
    """Return the shape of a grouping in a built-in pattern; `shapes` are those of the patterns by name.

    Modules that the generated shop does not have are sized by the figures of its separate services.
    """
    if pattern == EVENT_DRIVEN:
        return _around_a_log(score.groups, needs, shapes)
    if len(score.groups) == 1:
        return shapes[MONOLITH]
    split = shapes[MICROSERVICES]
    if is_shop(needs) and len(score.groups) == len(CONTEXTS):
        return split
    profile = profile_of(split)
    if is_shop(needs):
        profile = grouped_profile(profile_of(shapes[MONOLITH]), profile, score.groups)
    links = touched(score.groups, needs.chain)
    return Shape(
        tuple(group[0] for group in score.groups),
        len(score.groups),
        chained=links > 1 or bool(score.sagas),
        profile=profile,
        links=links,
    )


def _around_a_log(groups: Groups, needs: Needs, shapes: Mapping[str, Shape]) -> Shape:
    separate = shapes[EVENT_DRIVEN]
    if not is_shop(needs) or len(groups) == len(CONTEXTS):
        return separate
    profile = joined_profile(profile_of(shapes[MONOLITH]), profile_of(separate), (*groups, *CONSUMERS))
    return Shape(
        tuple(group[0] for group in (*groups, *CONSUMERS)),
        len(groups) + len(CONSUMERS),
        broker=True,
        workers=tuple(group[0] for group in groups if {*group} & {*EVENT_DRIVEN_WORKERS}),
        profile=profile,
    )
