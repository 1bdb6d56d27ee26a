"""Whole processes, measured in turn: this code and, where asked for, an earlier commit."""

import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from statistics import median

from rich.table import Table

Times = tuple[float, float]
"""Wall and CPU time of a process, in seconds. Wall time is the time that a user waits; CPU time (user and
system) stays comparable while other programs use the machine."""
WALL, CPU = 0, 1


def table(first: str, ratio: str) -> Table:
    """Return an empty table with these headings of its first and last column."""
    return Table(first, "wall median s", "wall best s", "CPU median s", "CPU best s", "target s", ratio)


def figures(times: Sequence[Times]) -> list[str]:
    """Return the median and the best of the wall times, then of the CPU times."""
    return [f"{pick(kind):.3f}" for kind in zip(*times, strict=True) for pick in (median, min)]


def measure_in_turn(
    arguments: Sequence[str], environments: Sequence[Mapping[str, str]], rounds: int
) -> list[list[Times]]:
    """Return the times of each round for each environment, after one warm-up round."""
    measured = [[run(arguments, environment) for environment in environments] for _ in range(rounds + 1)]
    return [list(times) for times in zip(*measured[1:], strict=True)]


def ratio_of(now: Sequence[Times], before: Sequence[Times], kind: int) -> str:
    """Return the median ratio of the WALL or CPU times of runs that followed each other."""
    return f"{median(mine[kind] / theirs[kind] for mine, theirs in zip(now, before, strict=True)):.2f}"


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> Times:
    """Run one Python process and return its times."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
