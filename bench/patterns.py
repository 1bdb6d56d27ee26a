"""Measure `blueprint pattern list`: `python -m bench.patterns [--rounds N] [--patterns N]`.

The patterns are user patterns (added with `pattern add` from one folder) or come from installed packages
(wheels of the patterns, unpacked as pip does). Each measurement is a whole process.
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
"""Target for the wall time, in seconds."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.patterns")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--patterns", type=int, default=1_000)
    arguments = parser.parse_args()
    table = Table("patterns", "wall median s", "wall best s", "CPU median s", "CPU best s", "target s")
    with tempfile.TemporaryDirectory() as folder:
        for name, environment, target in environments(Path(folder), arguments.patterns):
            measured = measure(LIST, environment, arguments.rounds)
            figures = [f"{pick(kind):.3f}" for kind in zip(*measured, strict=True) for pick in (median, min)]
            table.add_row(name, *figures, target)
    Console().print(table)


def environments(folder: Path, number: int) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Name, environment variables and target of each measurement.

    The first has the built-in patterns only, the others `number` user patterns and installed patterns.
    """
    patterns = folder / "patterns"
    for index in range(number):
        write_pattern(patterns / f"pattern-{index}")
    common = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
    common.pop("PYTHONDONTWRITEBYTECODE", None)
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
