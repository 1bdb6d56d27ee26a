"""Measure `blueprint pattern list`: `python -m bench.patterns [--rounds N] [--patterns N] [--before COMMIT]`.

The patterns are user patterns (added with `pattern add` from one folder) or come from installed packages
(wheels of the patterns, unpacked as pip does). Each measurement is a whole process. With --before, every
round also measures that commit, and the ratio is the median of the ratios within each round.
"""

import argparse
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from blueprint.authoring.bundle import bundle
from blueprint.authoring.package import wheel
from blueprint.authoring.scaffold import scaffold_pattern
from blueprint.patterns import load_pattern

from .before import checkout, environment
from .processes import WALL, figures, measure_in_turn, ratio_of, table

LIST = ["-m", "blueprint", "pattern", "list"]
TARGET = "0.4"
"""Target for the wall time, in seconds."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.patterns")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--patterns", type=int, default=1_000)
    parser.add_argument("--before", metavar="COMMIT")
    arguments = parser.parse_args()
    shown = table("patterns", "ratio")
    with tempfile.TemporaryDirectory() as folder:
        before = checkout(arguments.before, Path(folder, "before")) if arguments.before else None
        for name, variables, target in environments(Path(folder), arguments.patterns):
            compared = [variables, *([combined(variables, before)] if before else [])]
            now, *then = measure_in_turn(LIST, compared, arguments.rounds)
            shown.add_row(name, *figures(now), target, *(ratio_of(now, each, WALL) for each in then))
    Console().print(shown)


def combined(variables: Mapping[str, str], before: Mapping[str, str]) -> Mapping[str, str]:
    """Return `variables` for the code `before`, which comes first on Python's path."""
    path = ":".join(filter(None, (before["PYTHONPATH"], variables.get("PYTHONPATH"))))
    return {**variables, **before, "PYTHONPATH": path}


def environments(folder: Path, number: int) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Name, environment variables and target of each measurement.

    The first has the built-in patterns only, the others `number` user patterns and installed patterns.
    """
    patterns = folder / "patterns"
    for index in range(number):
        write_pattern(patterns / f"pattern-{index}")
    common = {**environment(), "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
    built_in, user = ({**common, "XDG_CONFIG_HOME": f"{folder}/{name}"} for name in ("built-in", "user"))
    yield "built-in", built_in, ""

    add = [sys.executable, "-m", "blueprint", "pattern", "add", str(patterns)]
    subprocess.run(add, env=user, stdout=subprocess.DEVNULL, check=True)
    yield f"built-in and {number} added", user, TARGET

    packages = folder / "packages"
    for pattern in sorted(patterns.iterdir()):
        install(pattern, packages)
    yield f"built-in and {number} installed", {**built_in, "PYTHONPATH": str(packages)}, TARGET


def write_pattern(folder: Path) -> None:
    """Write the starter pattern, named after `folder`."""
    for path, file in scaffold_pattern(folder.name).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)


def install(folder: Path, packages: Path) -> None:
    """Unpack a wheel of the pattern in `folder` into `packages`, as pip does."""
    pattern = load_pattern(folder)
    with zipfile.ZipFile(io.BytesIO(wheel(pattern, bundle(pattern)))) as archive:
        archive.extractall(packages)


if __name__ == "__main__":
    main()
