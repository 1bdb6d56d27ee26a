"""Measure `blueprint recommend`, whole processes: `python -m bench.recommend [--rounds N]`.

Bytecode is compiled once before, as in an installed package. Wall time is what a person waits; CPU time,
user and system, is what remains comparable while other programs use the machine. Medians, and the best of all
rounds beside them.
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
LIMITS = {"--json": 0.3, "--html": 1.5}


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
    """What is measured: a bare interpreter and `--help` to compare with, then each preset both ways."""
    found = [("python -c pass", ["-c", "pass"], ""), ("--help", ["-m", "blueprint", "--help"], "")]
    for flag, target in LIMITS.items():
        for preset in PRESETS:
            output = [str(folder / "page.html")] if flag == "--html" else []
            arguments = ["-m", "blueprint", "recommend", "--preset", preset, flag, *output]
            found.append((f"recommend {flag} ({preset})", arguments, str(target)))
    return found


def measure(
    arguments: Sequence[str], environment: Mapping[str, str], rounds: int
) -> list[tuple[float, float]]:
    """(wall, CPU) of each round in seconds, after one round that only warms up."""
    return [run(arguments, environment) for _ in range(rounds + 1)][1:]


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """One process from its start to its end."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
