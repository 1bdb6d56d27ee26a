"""Shops of the Spring stack: their combinations of options, and the JDK that builds them."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from blueprint.cli.new.jdk import find_jdk
from blueprint.errors import AnswersError
from blueprint.patterns import check_answers, find_pattern
from tests.servers.process import missing, refuse_fast_tests

from .combinations import Combination, every_combination
from .environment import ROOT, environment_for_all
from .projects import PATTERN, PROJECT
from .running import end_of, run

OLDEST_JDK = 21


@cache
def spring_combinations(pattern: str = PATTERN) -> tuple[Combination, ...]:
    """Return every combination of options that the Spring stack has in a pattern."""
    candidates = ({**each, "stack": "spring"} for each in every_combination(find_pattern(pattern)))
    return tuple(each for each in candidates if _is_accepted(pattern, each))


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


def java_variables() -> dict[str, str]:
    """Return the JDK, and the Python of the clients, as variables of make."""
    return {"JAVA_HOME": java_home(), "VENV": str(environment_for_all())}


@contextmanager
def one_build_at_a_time() -> Iterator[None]:
    """Wait for other builds: Maven's store of libraries is shared, and not made for several at once."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build/maven.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make(project: Path, variables: Mapping[str, str], *targets: str, fails: bool = False) -> str:
    """Run make in the project and return its output."""
    settings = (f"{name}={value}" for name, value in variables.items())
    done = run(["make", *targets, *settings], project)
    assert (done.returncode != 0) == fails, end_of(done)
    return done.stdout


def _is_accepted(pattern: str, options: Combination) -> bool:
    try:
        check_answers(find_pattern(pattern), PROJECT, options)
    except AnswersError:
        return False
    return True
