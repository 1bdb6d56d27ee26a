"""Measure `blueprint pattern list`: `python -m bench.patterns [--rounds N] [--patterns N]`.

The patterns are the user's own (added by the real command from a folder that holds them all), or come from
installed packages (wheels that `pattern pack --wheel` would make, unpacked as pip does). Whole processes.
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from blueprint.authoring.bundle import bundle
from blueprint.authoring.package import wheel
from blueprint.authoring.scaffold import scaffold_pattern
from blueprint.patterns import load_pattern

from .recommend import measure

LIST = ["-m", "blueprint", "pattern", "list"]
TARGET = "0.5"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.patterns")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--patterns", type=int, default=1_000)
    chosen = parser.parse_args()
    table = Table("patterns", "wall median s", "wall best s", "CPU median s", "CPU best s", "target s")
    with tempfile.TemporaryDirectory() as folder:
        for name, environment, target in homes(Path(folder), chosen.patterns):
            measured = measure(LIST, environment, chosen.rounds)
            figures = [f"{pick(kind):.3f}" for kind in zip(*measured, strict=True) for pick in (median, min)]
            table.add_row(name, *figures, target)
    Console().print(table)


def homes(folder: Path, number: int) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """What is listed: blueprint's own patterns to compare with, then those of a user, then installed ones."""
    patterns = folder / "patterns"
    for index in range(number):
        write_pattern(patterns / f"pattern-{index}")
    common = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
    common.pop("PYTHONDONTWRITEBYTECODE", None)
    none, own = ({**common, "XDG_CONFIG_HOME": f"{folder}/{name}"} for name in ("none", "own"))
    yield "blueprint's own", none, ""

    add = [sys.executable, "-m", "blueprint", "pattern", "add", str(patterns)]
    subprocess.run(add, env=own, stdout=subprocess.DEVNULL, check=True)
    yield f"and {number} added", own, TARGET

    packages = folder / "packages"
    for pattern in sorted(patterns.iterdir()):
        install(pattern, packages)
    yield f"and {number} installed", {**none, "PYTHONPATH": str(packages)}, TARGET


def write_pattern(folder: Path) -> None:
    """The starter under the name of its folder."""
    for path, file in scaffold_pattern(folder.name).items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content)


def install(folder: Path, packages: Path) -> None:
    """What pip does with a wheel of the pattern in `folder`, as far as it matters here."""
    pattern = load_pattern(folder)
    with zipfile.ZipFile(io.BytesIO(wheel(pattern, bundle(pattern)))) as archive:
        archive.extractall(packages)


if __name__ == "__main__":
    main()
