"""Checks of the built-in patterns."""

import pytest

from blueprint.authoring.check import check_pattern
from blueprint.authoring.pattern_location import pattern_location
from blueprint.patterns import pattern_names
from blueprint.patterns.catalogue import templates_root


@pytest.mark.slow
@pytest.mark.parametrize("name", pattern_names())
def test_a_built_in_pattern_has_no_problems(name: str) -> None:
    """`pattern check` finds no problem in a built-in pattern, and reports no false positive."""
    assert check_pattern(pattern_location(str(templates_root() / name))).problems == ()
