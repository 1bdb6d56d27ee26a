"""The built-in patterns are held to what other authors are."""

import pytest

from blueprint.authoring.check import check_pattern
from blueprint.authoring.pattern_location import pattern_location
from blueprint.patterns import pattern_names
from blueprint.patterns.catalogue import templates_root


@pytest.mark.parametrize("name", pattern_names())
def test_a_built_in_pattern_has_no_problems(name: str) -> None:
    """And the largest patterns there are give no false alarm."""
    assert check_pattern(pattern_location(str(templates_root() / name))).problems == ()
