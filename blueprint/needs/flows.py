"""Business flows: the consistency of each, and the modules that its commits bind together."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

ConsistencyLevel = Literal["eventual", "read_your_writes", "strong"]
CrossingShare = Literal["none", "some", "many"]
CONSISTENCY_LEVELS: tuple[ConsistencyLevel, ...] = ("eventual", "read_your_writes", "strong")
SOME_SHARE = 1 / 3
ROUNDING = 0.02
"""How far shares that were rounded may be from 1 in sum."""


class Flow(NamedTuple):
    """A business flow with the consistency that it needs and the modules that it touches.

    `share` is its share of all requests, or None if nobody gave it.
    """

    name: str
    kind: Literal["read", "write"]
    level: ConsistencyLevel
    modules: tuple[str, ...]
    share: float | None = None

    @property
    def crosses_modules(self) -> bool:
        """Whether the flow must commit in at least two modules at once."""
        return self.kind == "write" and self.level == "strong" and len(set(self.modules)) > 1


def weights(flows: Sequence[Flow]) -> list[float]:
    """Return the relative traffic of each flow; a flow without a share gets the mean of the given ones."""
    given = [flow.share for flow in flows if flow.share is not None]
    mean = sum(given) / len(given) if given else 1.0
    return [mean if flow.share is None else flow.share for flow in flows]


def typical_level(flows: Sequence[Flow]) -> ConsistencyLevel:
    """Return the consistency of the typical write: the median by traffic, the stricter one on a tie."""
    writes = _writes(flows)
    ranked = sorted(zip(map(_rank, writes), weights(writes), strict=True), reverse=True)
    half, seen = sum(weight for _, weight in ranked) / 2, 0.0
    for rank, weight in ranked:
        seen += weight
        if seen >= half:
            return CONSISTENCY_LEVELS[rank]
    return "eventual"


def typical_level_is_known(flows: Sequence[Flow]) -> bool:
    """Return whether `typical_level` follows from the flows, without a guess about their traffic."""
    return _shares_given(flows) or len({flow.level for flow in _writes(flows)}) < 2


def crossing_share(flows: Sequence[Flow]) -> CrossingShare:
    """Return how many writes commit in several modules at once: none, some (up to a third), or many.

    Commits that bind all modules to each other count as many. If only some flows cross modules and nobody
    gave their traffic, "some" is assumed: the number of flows in a list says nothing about it.
    """
    writes = _writes(flows)
    crossing = [flow for flow in writes if flow.crosses_modules]
    if not crossing:
        return "none"
    if len(crossing) == len(writes) or len(module_groups(flows)) == 1:
        return "many"
    if not _shares_given(flows):
        return "some"
    return "many" if _traffic(crossing) > SOME_SHARE * _traffic(writes) else "some"


def crossing_share_is_known(flows: Sequence[Flow]) -> bool:
    """Return whether `crossing_share` follows from the flows, without a guess about their traffic."""
    crossing = {flow.crosses_modules for flow in _writes(flows)}
    return _shares_given(flows) or len(crossing) < 2 or len(module_groups(flows)) == 1


def several_modules_share(flows: Sequence[Flow]) -> float | None:
    """Return the share of the writes that touch several modules, or None if nobody gave their traffic."""
    writes = _writes(flows)
    if not _shares_given(flows) or not _traffic(writes):
        return None
    return _traffic([flow for flow in writes if len({*flow.modules}) > 1]) / _traffic(writes)


def read_share(flows: Sequence[Flow]) -> float | None:
    """Return the share of the reads, or None if the shares of the flows do not add up to all requests."""
    shares = [flow.share for flow in flows if flow.share is not None]
    if len(shares) < len(flows) or abs(sum(shares) - 1) > ROUNDING:
        return None
    return round(sum(flow.share or 0.0 for flow in flows if flow.kind == "read") / sum(shares), 4)


def _writes(flows: Sequence[Flow]) -> list[Flow]:
    return [flow for flow in flows if flow.kind == "write"]


def _shares_given(flows: Sequence[Flow]) -> bool:
    return all(flow.share is not None for flow in _writes(flows))


def _traffic(flows: Sequence[Flow]) -> float:
    return sum(flow.share or 0.0 for flow in flows)


def _rank(flow: Flow) -> int:
    return CONSISTENCY_LEVELS.index(flow.level)


def module_groups(flows: Sequence[Flow]) -> tuple[tuple[str, ...], ...]:
    """Return the modules in groups that may be deployed apart; a commit across modules joins their groups."""
    groups: list[list[str]] = []
    for flow in flows:
        for module in flow.modules:
            if not any(module in group for group in groups):
                groups.append([module])
        if flow.crosses_modules:
            joined = [group for group in groups if set(group) & set(flow.modules)]
            groups = [group for group in groups if group not in joined]
            groups.append([module for group in joined for module in group])
    return tuple(tuple(group) for group in sorted(groups, key=lambda group: (-len(group), group[0])))


def bound_modules(flows: Sequence[Flow]) -> tuple[str, ...]:
    """Return the modules that take part in a commit across modules, in order of appearance."""
    return tuple(dict.fromkeys(module for flow in flows if flow.crosses_modules for module in flow.modules))
