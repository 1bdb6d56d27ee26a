"""Measure `blueprint recommend` as whole processes: `python -m bench.recommend [--rounds N]`.

A first run compiles the bytecode, as in an installed package. Wall time is the time that a user waits. CPU
time (user and system) stays comparable while other programs use the machine. The table has the median and the
best of all rounds.
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

PRESETS = ("small-shop", "marketplace", "realtime-analytics")
LIMITS = {"--json": 0.2, "--html": 0.5}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.recommend")
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    table = Table("run", "wall median s", "wall best s", "CPU median s", "CPU best s", "target s")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for name, arguments, target in runs(Path(folder)):
            measured = measure(arguments, environment, rounds)
            figures = [f"{pick(kind):.3f}" for kind in zip(*measured, strict=True) for pick in (median, min)]
            table.add_row(name, *figures, target)
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


def measure(
    arguments: Sequence[str], environment: Mapping[str, str], rounds: int
) -> list[tuple[float, float]]:
    """Return (wall, CPU) in seconds of each round, after one warm-up round."""
    return [run(arguments, environment) for _ in range(rounds + 1)][1:]


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Run one process and return its (wall, CPU) time in seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
