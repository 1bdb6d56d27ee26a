"""Candidates: the ways to divide the modules of a system into deployables."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from blueprint.needs.flows import Flow, weights

Groups = tuple[tuple[str, ...], ...]

# Seven modules have 877 groupings, eight have 4,140.
MOST_MODULES = 7
MOST_DEPLOYABLES = 50
ATOMIC = 1e6
"""What a commit across modules counts more than any traffic: its modules are merged first."""


def modules_of(flows: Sequence[Flow]) -> tuple[str, ...]:
    """Return the modules of some flows; those that commit together are first, as they name their groups."""
    ordered = sorted(flows, key=lambda flow: not flow.crosses_modules)
    return tuple(dict.fromkeys(module for flow in ordered for module in flow.modules))


def groupings_of(flows: Sequence[Flow]) -> list[Groups]:
    """Return the groupings of the modules of some flows, each with its largest group first.

    Of more than MOST_MODULES modules, only those that result from merging the modules with the most common
    traffic first.
    """
    modules = modules_of(flows)
    few = len(modules) <= MOST_MODULES
    return [_in_order(groups) for groups in (_partitions(modules) if few else _merged(modules, flows))]


def _in_order(groups: Sequence[Sequence[str]]) -> Groups:
    return tuple(sorted(map(tuple, groups), key=lambda group: (-len(group), group[0])))


def _partitions(modules: Sequence[str]) -> list[list[list[str]]]:
    """Return every partition: the first module joins each group of those of the others, or is one itself."""
    if not modules:
        return [[]]
    first, found = modules[0], []
    for groups in _partitions(modules[1:]):
        found.append([[first], *groups])
        found += [[*groups[:at], [first, *groups[at]], *groups[at + 1 :]] for at in range(len(groups))]
    return found


def _merged(modules: Sequence[str], flows: Sequence[Flow]) -> Iterator[list[list[str]]]:
    """Yield the groupings between one for each module and one for all, with at most MOST_DEPLOYABLES."""
    group_of = {module: [module] for module in modules}
    left = len(modules)
    for one, other in [*_by_common_traffic(flows), *pairwise(modules)]:
        small, large = sorted((group_of[one], group_of[other]), key=len)
        if small is large:
            continue
        if left <= MOST_DEPLOYABLES:
            yield _distinct(group_of)
        large += small
        group_of |= dict.fromkeys(small, large)
        left -= 1
    yield _distinct(group_of)


def _distinct(group_of: Mapping[str, list[str]]) -> list[list[str]]:
    """Return each group once, with its modules in the order of the keys."""
    found: dict[int, list[str]] = {}
    for module, group in group_of.items():
        found.setdefault(id(group), []).append(module)
    return list(found.values())


def _by_common_traffic(flows: Sequence[Flow]) -> list[tuple[str, str]]:
    """Return the pairs of modules that follow each other in a flow, those with the most traffic first."""
    common: dict[tuple[str, str], float] = {}
    for flow, weight in zip(flows, weights(flows), strict=True):
        for pair in pairwise(flow.modules):
            common[pair] = common.get(pair, 0.0) + weight + (ATOMIC if flow.crosses_modules else 0.0)
    return sorted(common, key=lambda pair: -common[pair])
