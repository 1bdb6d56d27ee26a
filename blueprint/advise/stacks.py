"""Stacks: the language and framework that a shop is generated in, and what each costs.

A stack never changes the pattern: the patterns are compared in Python, whose demands were measured in each.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from blueprint.advise.candidates import BUILT_IN
from blueprint.advise.capacity import profile_of
from blueprint.advise.capacity_plan import Shape
from blueprint.advise.datafiles import load
from blueprint.advise.profiles import SERVERS, Profile, default_profiles
from blueprint.needs.model import Needs

PYTHON = "python"
ANY = "any"


class StackChoice(NamedTuple):
    """The recommended stack, and why."""

    name: str
    reason: str


def choose_stack(needs: Needs, pattern: str) -> StackChoice:
    """Return the stack that the team knows, or Python if nobody said which."""
    if pattern not in BUILT_IN:
        return StackChoice(ANY, f"{pattern} decides its stack")
    if needs.stack == ANY:
        return StackChoice(PYTHON, "nobody said which stack the team knows; that counts more than speed")
    return StackChoice(needs.stack, f"the team knows {title_of(needs.stack)}, which counts more than speed")


def stack_names() -> list[str]:
    """Return the stacks, Python first."""
    return list(load("stacks")["stacks"])


def title_of(stack: str) -> str:
    """Return language and framework of a stack."""
    title: str = _stack(stack)["title"]
    return title


def start_cpu_s(stack: str) -> float:
    """Return the CPU seconds that a process takes from its start until it is ready."""
    seconds: float = _stack(stack)["start_cpu_s"]["value"]
    return seconds


def shape_in(shape: Shape, stack: str) -> Shape:
    """Return a shape with the demands of a stack; what a user measured stays as it is."""
    profile = profile_of(shape)
    if stack in (PYTHON, ANY) or profile.source not in {each.source for each in default_profiles().values()}:
        return shape
    return shape._replace(profile=_in_stack(profile, stack))


@lru_cache(maxsize=64)
def _in_stack(profile: Profile, stack: str) -> Profile:
    row = _stack(stack)
    cpu: Mapping[str, float] = row["cpu_ratio"]["value"]
    return Profile(
        pattern=profile.pattern,
        source=profile.source,
        cpu_ms={kind: _scaled(parts, cpu[kind]) for kind, parts in profile.cpu_ms.items()},
        rest_cpu_ms=profile.rest_cpu_ms,
        unloaded_ms=profile.unloaded_ms,
        memory_mib=_scaled(profile.memory_mib, row["memory_ratio"]["value"]),
        statements=profile.statements,
    )


def _scaled(parts: Mapping[str, float], ratio: float) -> dict[str, float]:
    """Return the values with those of the shop scaled, and not those of its servers."""
    return {part: value if part in SERVERS else value * ratio for part, value in parts.items()}


def _stack(name: str) -> Mapping[str, Any]:
    row: Mapping[str, Any] = load("stacks")["stacks"][name]
    return row
