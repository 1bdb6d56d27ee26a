"""Every option of a shop in Java changes its files or is refused."""

from collections.abc import Iterator
from functools import cache

import pytest

from blueprint.errors import AnswersError
from blueprint.patterns import Boolean, Choice, Data, Integer, Option, Value, check_answers, find_pattern
from blueprint.render import Tree, render

from .combinations import Combination
from .groupings import COARSE, EVENTS_CHOSEN, ONE
from .projects import PROJECT

pytestmark = pytest.mark.slow
PATTERNS = ("monolith", "microservices", "event-driven")
BASES: tuple[Combination, ...] = (
    {"stack": "spring"},
    {"stack": "spring", "kubernetes": False},
    {"stack": "spring", "kubernetes": False, "host": "machine"},
    {"stack": "spring", "kubernetes": False, "host": "containers"},
    {"stack": "spring", "previous_deployables": ONE},
)
"""Answers with which different options exist."""
GROUPS: dict[str, Value] = {"microservices": COARSE, "event-driven": EVENTS_CHOSEN["coarse"]}
OTHERS: dict[str, list[Value]] = {
    "base_package": ["org.acme.store"],
    "database_class": ["db.m5.large"],
    "image_registry": ["ghcr.io/acme"],
    "extra_contexts": [["reviews"]],
    "extra_services": [["reviews"]],
    "contexts": [["identity"], ["identity", "catalog"]],
}
"""Other answers to questions that have no choices and no range."""


def other_answers(pattern: str, name: str, option: Option) -> list[Value]:
    """Return answers to a question that are not its default."""
    match option:
        case Boolean():
            return [not option.default]
        case Choice():
            return [choice for choice in option.choices if choice != option.default]
        case Integer():
            return [each for each in (option.maximum, option.minimum) if each is not None]
        case Data():
            return [GROUPS[pattern]]
        case _:
            return OTHERS[name]


def files(pattern: str, options: Combination) -> Tree:
    """Return the files of a project without secrets, which are random. Raises AnswersError."""
    found = find_pattern(pattern)
    tree = render(found, check_answers(found, PROJECT, options)).tree
    return {path: file for path, file in tree.items() if not file.secret}


@cache
def unchanged(pattern: str, base: int) -> Tree:
    """Return the files of a shop with the answers of a base."""
    return files(pattern, BASES[base])


def changes(pattern: str, name: str) -> Iterator[bool]:
    """Yield for each other answer that is accepted whether it changes a file."""
    option = find_pattern(pattern).options[name]
    for number, base in enumerate(BASES):
        for value in other_answers(pattern, name, option):
            try:
                changed = files(pattern, {**base, name: value}) != unchanged(pattern, number)
            except AnswersError:
                # The pattern may not have the base, either.
                continue
            yield changed


@pytest.mark.parametrize(
    ("pattern", "name"),
    [(pattern, name) for pattern in PATTERNS for name in find_pattern(pattern).options if name != "stack"],
)
def test_an_option_has_an_effect_or_is_refused(pattern: str, name: str) -> None:
    """An answer that is accepted without an effect would mislead its author."""
    accepted = False
    for changed in changes(pattern, name):
        accepted = True
        if changed:
            return
    assert not accepted
