"""Measure `recommend` as whole processes: `python -m bench.recommend [--rounds N] [--before COMMIT]`.

A first run compiles the bytecode, as in an installed package. The table has the median and the best of all
rounds. With --before, every round also measures that commit, and the table has the median ratio of the CPU
times.
"""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console

from .before import checkout, environment
from .processes import CPU, figures, measure_in_turn, ratio_of, table

PRESETS = ("small-shop", "marketplace", "realtime-analytics")
LIMITS = {"--json": 0.2, "--html": 0.5}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.recommend")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--before", metavar="COMMIT")
    given = parser.parse_args()
    shown = table("run", "CPU ratio")
    with tempfile.TemporaryDirectory() as folder:
        environments = [{**environment(), "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}]
        if given.before:
            environments.append({**environments[0], **checkout(given.before, Path(folder, "before"))})
        for name, arguments, target in runs(Path(folder)):
            now, *before = measure_in_turn(arguments, environments, given.rounds)
            ratios = [ratio_of(now, earlier, CPU) for earlier in before]
            shown.add_row(name, *figures(now), target, *ratios)
    Console().print(shown)


def runs(folder: Path) -> list[tuple[str, list[str], str]]:
    """Return (name, arguments, target in s): interpreter and `--help` for comparison, then all presets."""
    commands = [("python -c pass", ["-c", "pass"], ""), ("--help", ["-m", "blueprint", "--help"], "")]
    for flag, target in LIMITS.items():
        for preset in PRESETS:
            output = [str(folder / "page.html")] if flag == "--html" else []
            arguments = ["-m", "blueprint", "recommend", "--preset", preset, flag, *output]
            commands.append((f"recommend {flag} ({preset})", arguments, str(target)))
    return commands


if __name__ == "__main__":
    main()
