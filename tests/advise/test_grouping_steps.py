"""Tests of the commands that lead from the groups of a project to others."""

from hypothesis import given
from hypothesis import strategies as st

from blueprint.advise.candidates import CONTEXTS
from blueprint.advise.groupings.candidates import Groups, groupings_of
from blueprint.advise.groupings.steps import commands
from blueprint.cli.grouping import merged, promoted
from blueprint.needs.answers import complete

ALL = groupings_of(complete({}).flows)


def result_of(start: Groups, steps: list[str]) -> set[frozenset[str]]:
    """Return the groups after `blueprint promote` and `blueprint merge` have run."""
    groups = [list(group) for group in start]
    for step in steps:
        match step.split():
            case ["blueprint", "promote", context]:
                groups = promoted(groups, context)
            case ["blueprint", "merge", deployable, "--into", into]:
                groups = merged(groups, deployable, into)
    return {frozenset(group) for group in groups}


@given(st.sampled_from(ALL), st.sampled_from(ALL))
def test_the_commands_lead_to_the_groups(start: Groups, target: Groups) -> None:
    """From any groups to any others, the commands of blueprint accept each step and end at the target."""
    assert result_of(start, commands(start, target)) == {frozenset(group) for group in target}


def test_the_commands_are_few() -> None:
    """A group stays where most of it is, and nothing happens where nothing changes."""
    three = (("orders", "inventory", "payments", "cart"), ("catalog",), ("identity",))
    assert commands((CONTEXTS,), three) == ["blueprint promote catalog", "blueprint promote identity"]
    assert commands(three, three) == []
    assert commands(three, (CONTEXTS,)) == [
        "blueprint merge catalog --into orders",
        "blueprint merge identity --into orders",
    ]
