"""Shops of the Spring stack: their combinations of options, and the JDK that builds them."""

import os
from functools import cache

import pytest

from blueprint.cli.new.jdk import find_jdk
from blueprint.errors import AnswersError
from blueprint.patterns import check_answers, find_pattern
from tests.servers.process import missing, refuse_fast_tests

from .combinations import Combination
from .projects import COMBINATIONS, PATTERN, PROJECT

OLDEST_JDK = 21


@cache
def spring_combinations() -> tuple[Combination, ...]:
    """Return every combination of options that the Spring stack has."""
    candidates = ({**each, "stack": "spring"} for each in COMBINATIONS)
    return tuple(each for each in candidates if _is_accepted(each))


def java_home() -> str:
    """Return the home of a JDK; without one, skip the test, or fail it where servers are required.

    BLUEPRINT_WITHOUT_JDK=1 skips it even there: some distributions have no JDK that is new enough.
    """
    refuse_fast_tests("a JDK")
    home = find_jdk(OLDEST_JDK)
    if home is not None:
        return str(home)
    reason = f"no JDK {OLDEST_JDK} or newer is installed"
    if os.environ.get("BLUEPRINT_WITHOUT_JDK") == "1":
        pytest.skip(reason)
    missing(reason)


def _is_accepted(options: Combination) -> bool:
    try:
        check_answers(find_pattern(PATTERN), PROJECT, options)
    except AnswersError:
        return False
    return True
