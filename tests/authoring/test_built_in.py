"""Checks of the built-in patterns."""

import pytest

from blueprint.authoring.check import check_pattern
from blueprint.authoring.pattern_location import pattern_location
from blueprint.patterns import pattern_names
from blueprint.patterns.heading import read_heading
from blueprint.patterns.loading import templates_root
from blueprint.project.changelog import changes_between


@pytest.mark.thorough
@pytest.mark.parametrize("name", pattern_names())
def test_a_built_in_pattern_has_no_problems(name: str) -> None:
    """`pattern check` finds no problem in a built-in pattern, and reports no false positive."""
    assert check_pattern(pattern_location(str(templates_root() / name))).problems == ()


@pytest.mark.parametrize("name", pattern_names())
def test_the_changelog_of_a_built_in_pattern_names_its_version(name: str) -> None:
    """`blueprint update` can say why a built-in pattern changed: each version has an entry."""
    folder = templates_root() / name
    version = read_heading(folder).version
    assert changes_between(folder, "0.0.0", version)[0].version == version
