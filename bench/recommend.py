"""Measure `blueprint recommend` as whole processes: `python -m bench.recommend [--rounds N] [--before DIR]`.

A first run compiles the bytecode, as in an installed package. Wall time is the time that a user waits. CPU
time (user and system) stays comparable while other programs use the machine. The table has the median and the
best of all rounds. With a checkout of earlier code in DIR, its runs take turns with those of this one, and
the table has the median ratio of the CPU times.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
Times = tuple[float, float]
PRESETS = ("small-shop", "marketplace", "realtime-analytics")
LIMITS = {"--json": 0.2, "--html": 0.5}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.recommend")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--before", type=Path, metavar="DIR")
    given = parser.parse_args()
    table = Table(
        "run", "wall median s", "wall best s", "CPU median s", "CPU best s", "target s", "CPU ratio"
    )
    checkouts = [ROOT, *([given.before.resolve()] if given.before else [])]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environments = [
            {**environment, "PYTHONSAFEPATH": "1", "PYTHONPATH": str(checkout)} for checkout in checkouts
        ]
        for name, arguments, target in runs(Path(folder)):
            now, *before = measure_in_turn(arguments, environments, given.rounds)
            figures = [f"{pick(kind):.3f}" for kind in zip(*now, strict=True) for pick in (median, min)]
            ratio = [f"{ratio_of(now, earlier):.2f}" for earlier in before]
            table.add_row(name, *figures, target, *ratio)
    Console().print(table)


def runs(folder: Path) -> list[tuple[str, list[str], str]]:
    """Return (name, arguments, target in s): interpreter and `--help` for comparison, then all presets."""
    commands = [("python -c pass", ["-c", "pass"], ""), ("--help", ["-m", "blueprint", "--help"], "")]
    for flag, target in LIMITS.items():
        for preset in PRESETS:
            output = [str(folder / "page.html")] if flag == "--html" else []
            arguments = ["-m", "blueprint", "recommend", "--preset", preset, flag, *output]
            commands.append((f"recommend {flag} ({preset})", arguments, str(target)))
    return commands


def measure(arguments: Sequence[str], environment: Mapping[str, str], rounds: int) -> list[Times]:
    """Return the times of each round, after one warm-up round."""
    return measure_in_turn(arguments, [environment], rounds)[0]


def measure_in_turn(
    arguments: Sequence[str], environments: Sequence[Mapping[str, str]], rounds: int
) -> list[list[Times]]:
    """Return the times of each round for each environment, after one warm-up round."""
    measured = [[run(arguments, environment) for environment in environments] for _ in range(rounds + 1)]
    return [list(times) for times in zip(*measured[1:], strict=True)]


def ratio_of(now: Sequence[Times], before: Sequence[Times]) -> float:
    """Return the median ratio of the CPU times of runs that followed each other."""
    return median(mine[1] / theirs[1] for mine, theirs in zip(now, before, strict=True))


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> Times:
    """Run one process and return its wall and CPU time in seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
