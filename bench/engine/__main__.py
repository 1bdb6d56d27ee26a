"""Measure start-up and generation: `make bench-engine`, or `python -m bench.engine [--rounds N]`.

Each measurement is a whole process. Every round runs the tools in turn, so that other load on the machine
affects all of them alike. Times are medians; ratios are medians of the ratios within each round. blueprint
runs from the wheel that this checkout builds, because that is what users have; it carries the built-in
templates compiled.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import yaml
from rich.console import Console
from rich.table import Table

from blueprint.patterns import Pattern, check_answers, find_pattern

from ..wheel import unpack
from . import tools
from .flatten import context_of, flatten
from .tools import Tool

PROJECT = "bench-shop"
TEMPLATES = 150


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.engine")
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        packages = unpack(folder)
        shop = prepare(packages, find_pattern("monolith"), folder / "shop")
        flat = prepare(packages, synthetic(folder / "pattern"), folder / "flat")
        show("Start-up (--help)", run_rounds({t.name: t.start for t in shop if t.start}, folder, rounds))
        files = check_equal(shop, folder)
        show(f"The monolith shop, {files} files, cold", generate(shop, folder, rounds, cold=True))
        show(f"The monolith shop, {files} files, warm", generate(shop, folder, rounds, cold=False))
        files = check_equal(flat, folder)
        show(f"{files} templates, cold", generate(flat, folder, rounds, cold=True))
        show(f"{files} templates, warm", generate(flat, folder, rounds, cold=False))


def synthetic(folder: Path) -> Pattern:
    """Write a pattern that consists of templates with 60 lines of output each."""
    lines = "".join(f"value_{n} = '{{{{ project }}}}' # {{{{ package }}}} {n}\n" for n in range(19))
    body = lines + "{% for n in range(40) %}\nline_{{ n }} = {{ n * 2 }}\n{% endfor %}\n"
    (folder / "files").mkdir(parents=True)
    for number in range(TEMPLATES):
        (folder / f"files/module_{number}.py.jinja").write_text(f"# {number}\n{body}")
    content = {
        "format": 1,
        "name": "flat",
        "title": "Flat",
        "summary": "Templates only.",
        "version": "1.0.0",
        "layers": [{"from": "files", "to": "src/{{ package }}"}],
        "run": "true",
        "test": "true",
    }
    (folder / "pattern.yaml").write_text(yaml.safe_dump(content))
    return find_pattern(str(folder))


def prepare(packages: Path, pattern: Pattern, folder: Path) -> list[Tool]:
    """Write the files of `pattern` as a template of each tool; blueprint runs from `packages`."""
    answers = check_answers(pattern, PROJECT, {})
    context = context_of(pattern, answers)
    templates = list(flatten(pattern, context))
    return [
        tools.blueprint(packages, pattern, PROJECT),
        tools.copier(folder / "copier", templates, context),
        tools.cookiecutter(folder / "cookiecutter", templates, context),
        tools.bare(folder / "bare", templates, context),
    ]


def check_equal(candidates: Sequence[Tool], folder: Path) -> int:
    """Check that all tools give the same files, except for secrets and state; returns their number."""
    trees = {tool.name: dict(generated_files(tool, folder)) for tool in candidates}
    ours = {
        path: content for path, content in trees["blueprint"].items() if not path.startswith(".blueprint/")
    }
    for name, theirs in trees.items():
        if name == "blueprint":
            continue
        different = {path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path)}
        secrets = {path for path in different if path.rpartition("/")[2] in (".env", "secrets.env")}
        if different - secrets:
            sys.exit(f"{name} gives different files: {', '.join(sorted(different - secrets))}")
    return len(ours)


def generated_files(tool: Tool, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The path and the content of every file that `tool` generates."""
    out = folder / "out"
    subprocess.run(tool.command(out), check=True, capture_output=True)
    top = out / PROJECT if (out / PROJECT).is_dir() else out
    for path in top.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(top)), path.read_bytes()
    shutil.rmtree(out)


def generate(candidates: Sequence[Tool], folder: Path, rounds: int, *, cold: bool) -> dict[str, list[float]]:
    """Measure the generation by each tool; `cold` deletes the cache of compiled templates before each."""
    return run_rounds({tool.name: tool.render for tool in candidates}, folder, rounds, cold=cold)


def run_rounds(
    commands: Mapping[str, Sequence[str]], folder: Path, rounds: int, *, cold: bool = False
) -> dict[str, list[float]]:
    """Measure each command in each round, in seconds."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    out, cache = folder / "out", folder / "cache"
    for _ in range(rounds):
        for name, command in commands.items():
            if cold:
                shutil.rmtree(cache, ignore_errors=True)
            started = time.perf_counter()
            subprocess.run(
                [str(out) if word == "OUT" else word for word in command],
                check=True,
                capture_output=True,
                env={**os.environ, "XDG_CACHE_HOME": str(cache)},
            )
            seconds[name].append(time.perf_counter() - started)
            shutil.rmtree(out, ignore_errors=True)
    return seconds


def show(title: str, seconds: Mapping[str, Sequence[float]]) -> None:
    """Print the median and best times of each tool, and the ratio to blueprint."""
    table = Table("", "median s", "best s", "times blueprint", title=title, title_justify="left")
    ours = seconds["blueprint"]
    for name, theirs in seconds.items():
        ratio = median(their / our for their, our in zip(theirs, ours, strict=True))
        table.add_row(name, f"{median(theirs):.2f}", f"{min(theirs):.2f}", f"{ratio:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
