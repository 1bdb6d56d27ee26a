"""Measure what compiled templates save: `python -m bench.compiled [--rounds N]`.

The same wheel is unpacked twice, as pip does, and one copy loses its compiled templates. Both create a
monolith with nothing cached, in turn, as whole processes. CPU time (user and system) stays comparable while
other programs use the machine. The table has the median and the best of all rounds.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from .processes import run
from .wheel import unpack


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.compiled")
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        copies = dict(installed(folder))
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in copies}
        for _ in range(rounds + 1):
            for name, packages in copies.items():
                measured[name].append(create(packages, folder))
    table = Table("monolith, nothing cached", "wall median s", "wall best s", "CPU median s", "CPU best s")
    for name, (_, *times) in measured.items():
        figures = [f"{pick(kind):.2f}" for kind in zip(*times, strict=True) for pick in (median, min)]
        table.add_row(name, *figures)
    Console().print(table)


def installed(folder: Path) -> Iterator[tuple[str, Path]]:
    """Build the wheel and unpack it, with and without compiled templates."""
    packages = unpack(folder)
    without = shutil.copytree(packages, folder / "without")
    shutil.rmtree(without / "blueprint/_compiled")
    yield "with compiled templates", packages
    yield "without", without


def create(packages: Path, folder: Path) -> tuple[float, float]:
    """Create a project with the packages, and return the (wall, CPU) time in seconds."""
    out, cache = folder / "out", folder / "cache"
    environment = {**os.environ, "PYTHONPATH": str(packages), "XDG_CACHE_HOME": str(cache)}
    # -P: the package beside the working directory must not come before the one to measure.
    arguments = ["-P", "-m", "blueprint", "new", "my-shop", "--yes", "--output", str(out)]
    try:
        return run(arguments, environment)
    finally:
        shutil.rmtree(out)
        shutil.rmtree(cache, ignore_errors=True)


if __name__ == "__main__":
    main()
