"""Measured profile of a grouping: between those of the monolith and of one service for each context."""

from collections.abc import Sequence
from functools import lru_cache

from blueprint.advise.datafiles import constants
from blueprint.advise.groupings.candidates import Groups
from blueprint.advise.profiles import SERVERS, Profile, Row


def touched(groups: Groups, modules: Sequence[str]) -> int:
    """Return how many groups have at least one of these modules."""
    return sum(any(module in group for module in modules) for group in groups)


def remote_share(groups: Groups, kind: str) -> float:
    """Return the share of the calls of one kind of request that cross services.

    A request of one context makes no calls: what differs between both measurements then grows with the
    number of services.
    """
    contexts: Sequence[str] = constants("contexts")[kind]
    if len(contexts) > 1:
        return (touched(groups, contexts) - 1) / (len(contexts) - 1)
    return (len(groups) - 1) / (sum(map(len, groups)) - 1)


@lru_cache(maxsize=64)
def grouped_profile(whole: Profile, split: Profile, groups: Groups) -> Profile:
    """Return the profile of contexts in `groups`, from those of the monolith and of separate services.

    Every figure lies between both measurements, by the share of the calls that cross services.
    """
    apart = (len(groups) - 1) / (sum(map(len, groups)) - 1)
    return Profile(
        pattern=split.pattern,
        source=split.source,
        cpu_ms={kind: _cpu(whole, split, groups, kind) for kind in split.cpu_ms},
        rest_cpu_ms=_work(whole.rest_cpu_ms, split.rest_cpu_ms, groups, apart),
        unloaded_ms={
            kind: _between(
                whole.unloaded_ms.get(kind, row), row, remote_share(groups, kind.removesuffix("_end"))
            )
            for kind, row in split.unloaded_ms.items()
        },
        memory_mib={
            **_between(whole.memory_mib, split.memory_mib, apart),
            **_memory(whole.memory_mib["app"], split, groups),
        },
        statements={
            kind: number + (1 - remote_share(groups, kind)) * (whole.statements.get(kind, number) - number)
            for kind, number in split.statements.items()
        },
    )


@lru_cache(maxsize=64)
def joined_profile(whole: Profile, split: Profile, groups: Groups) -> Profile:
    """Return the profile of event-driven contexts in `groups`, from that of separate services.

    Events go through the broker wherever their consumers are, so only the processes become fewer.
    """
    return Profile(
        pattern=split.pattern,
        source=split.source,
        cpu_ms={kind: _joined(row, groups) for kind, row in split.cpu_ms.items()},
        rest_cpu_ms=_joined(split.rest_cpu_ms, groups),
        unloaded_ms=split.unloaded_ms,
        memory_mib=_servers(split.memory_mib) | _memory(whole.memory_mib["app"], split, groups),
        statements=split.statements,
    )


def _cpu(whole: Profile, split: Profile, groups: Groups, kind: str) -> dict[str, float]:
    return _work(whole.cpu_ms.get(kind, {}), split.cpu_ms[kind], groups, remote_share(groups, kind))


def _work(whole: Row, split: Row, groups: Groups, share: float) -> dict[str, float]:
    """Return the work of each group; that of the monolith is divided like that of the separate services."""
    together = sum(cpu for part, cpu in split.items() if part not in SERVERS)
    local = whole.get("app", 0.0) / together if together else 0.0
    work = _joined(split, groups)
    return {
        part: cpu if part in SERVERS else cpu * (local + share * (1 - local)) for part, cpu in work.items()
    } | _between(whole, split, share)


def _joined(row: Row, groups: Groups) -> dict[str, float]:
    return _servers(row) | {group[0]: sum(row.get(name, 0.0) for name in group) for group in groups}


def _servers(row: Row) -> dict[str, float]:
    return {part: value for part, value in row.items() if part in SERVERS}


def _between(whole: Row, split: Row, share: float) -> dict[str, float]:
    """Return the values between both rows, for the names that both have."""
    return {name: whole[name] + share * (split[name] - whole[name]) for name in split if name in whole}


def _memory(whole_mib: float, split: Profile, groups: Groups) -> dict[str, float]:
    """Return the memory of each group: that of its largest context, and some for each further one."""
    largest = max(split.memory_mib[name] for group in groups for name in group)
    contexts = sum(map(len, groups))
    further = max(0.0, whole_mib - largest) / (contexts - 1)
    return {
        group[0]: max(split.memory_mib[name] for name in group) + further * (len(group) - 1)
        for group in groups
    }
