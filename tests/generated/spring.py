"""Shops of the Spring stack: their combinations of options, the JDK that builds them, and their processes."""

import fcntl
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx2
import pytest

from blueprint.cli.new.jdk import find_jdk
from blueprint.errors import AnswersError
from blueprint.patterns import check_answers, find_pattern
from tests.servers.process import free_port, listening, missing, refuse_fast_tests, running

from .combinations import Combination, every_combination
from .environment import ROOT, environment_for_all
from .projects import PATTERN, PROJECT
from .running import end_of, run

OLDEST_JDK = 21
SMALL_JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m")
"""Options of one of many processes on a machine, as in development."""


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


@contextmanager
def one_build_at_a_time() -> Iterator[None]:
    """Keep other tests from building: Maven's store of libraries is not made for several builds at once."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build/maven.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def tools() -> dict[str, str]:
    """Return the variables of make that name the JDK, and the Python of the clients."""
    return {"JAVA_HOME": java_home(), "VENV": str(environment_for_all())}


def without_driver(url: str) -> str:
    """Return the URL of a database as a shop in Java takes it: without its driver in Python."""
    return re.sub(r"^(\w+)\+\w+", r"\1", url)


def make(project: Path, variables: Mapping[str, str], *targets: str, fails: bool = False) -> str:
    """Run make in the project and return its output."""
    settings = (f"{name}={value}" for name, value in variables.items())
    done = run(["make", *targets, *settings], project)
    assert (done.returncode != 0) == fails, end_of(done)
    return done.stdout


@dataclass(frozen=True)
class Shop:
    """A process of a built shop, which may not be ready yet."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> httpx2.Response:
        """Return the response to one request on a new connection."""
        return httpx2.get(f"http://127.0.0.1:{self.port}{path}", timeout=30, trust_env=False)

    def ready(self) -> int:
        """Return the status of the readiness probe."""
        return self.get("/readyz").status_code

    def logged(self, text: str) -> int:
        """Return how many lines of the log have the text."""
        return sum(text in line for line in self.log.read_text(errors="replace").splitlines())


@contextmanager
def serving(
    project: Path, folder: Path, variables: Mapping[str, str], *commands: str, jar: str = "target/shop.jar"
) -> Iterator[Shop]:
    """Run commands of a built shop, such as `migrate serve`, until it answers requests."""
    port = free_port()
    log = folder / f"shop-{port}.log"
    program = [f"{java_home()}/bin/java", "-XX:TieredStopAtLevel=1", "-jar", str(project / jar)]
    with running(
        [*program, *commands, f"--server.port={port}"],
        ready=lambda: listening(port),
        log=log,
        env={**os.environ, **variables},
        # Not the folder of the project, which has settings for development.
        cwd=folder,
        timeout=300,
    ) as process:
        yield Shop(port, log, process)


def _is_accepted(pattern: str, options: Combination) -> bool:
    try:
        check_answers(find_pattern(pattern), PROJECT, options)
    except AnswersError:
        return False
    return True
