"""Shapes of groupings: the deployables, databases and measured figures that their sizes follow from."""

from collections.abc import Iterable, Mapping

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
    split, links = shapes[MICROSERVICES], touched(score.groups, needs.chain)
    chained = links > 1 or bool(score.sagas)
    if not is_shop(needs):
        return Shape(_parts(score.groups), len(score.groups), chained, profile=profile_of(split), links=links)
    if len(score.groups) == len(CONTEXTS):
        return split
    profile = grouped_profile(profile_of(shapes[MONOLITH]), profile_of(split), score.groups)
    return Shape(_names(score.groups), len(score.groups), chained, profile=profile, links=links)


def _around_a_log(groups: Groups, needs: Needs, shapes: Mapping[str, Shape]) -> Shape:
    separate = shapes[EVENT_DRIVEN]
    if not is_shop(needs):
        return separate._replace(parts=_parts(groups), databases=len(groups), workers=())
    if len(groups) == len(CONTEXTS):
        return separate
    everything = (*groups, *CONSUMERS)
    return Shape(
        _names(everything),
        len(everything),
        broker=True,
        workers=_names(group for group in groups if {*group} & {*EVENT_DRIVEN_WORKERS}),
        profile=joined_profile(profile_of(shapes[MONOLITH]), profile_of(separate), everything),
    )


def _parts(groups: Groups) -> tuple[str, ...]:
    """Return names of deployables that were not measured, even if a module is called like a context."""
    return tuple(f"part-{number + 1}" for number in range(len(groups)))


def _names(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the names of deployables: a group is named after its first module."""
    return tuple(group[0] for group in groups)
