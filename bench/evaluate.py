"""Measure `blueprint evaluate` on a generated log: `python -m bench.evaluate [--megabytes N] [--format F]`.

The requests are generated, so every figure is known. The log is written to build/bench-evaluate, and removed
after the run. Time and peak memory are those of the process that reads the log. Its CPU time stays comparable
while other programs use the machine. The error is the largest of all figures.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.evaluate.access_logs import EXPONENT, ITEMS, NGINX_FORMAT, START, WRITERS, Truth, hits, log_text

FOLDER = Path("build/bench-evaluate")
BLOCK = [600] * 40 + [3_000] * 4 + [600] * 16
"""Requests in each minute of an hour that is repeated until the log is long enough."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.evaluate")
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--format", choices=WRITERS, default="nginx")
    arguments = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    log = FOLDER / f"{arguments.format}-{arguments.megabytes}.log"
    truth = write(log, arguments.format, 1_000_000 * arguments.megabytes)
    size = log.stat().st_size
    wall, cpu, memory, output = evaluate(log, arguments.format)
    table = Table("log", "requests", "MB", "wall s", "CPU s", "MB/s of CPU", "peak MiB", "largest error")
    table.add_row(
        arguments.format, f"{output['traffic']['requests']:,}", f"{size / 1e6:,.0f}",
        f"{wall:.1f}", f"{cpu:.1f}", f"{size / 1e6 / cpu:.1f}", f"{memory / 1024:.0f}",
        largest_error(output, truth),
    )  # fmt: skip
    Console().print(table)
    log.unlink()


def write(log: Path, name: str, size: int) -> Truth:
    """Write a log of this many bytes, with new requests in each hour, and return its true figures."""
    truth, written, hour = Truth(), 0, 0
    writer = WRITERS[name]
    with log.open("w", encoding="utf-8") as file:
        written += file.write(log_text([], name))
        while written < size:
            for hit in hits(BLOCK, seed=hour, start=START + 3_600 * hour):
                truth.add(hit)
                written += file.write(f"{writer(hit)}\n")
            hour += 1
    return truth


def evaluate(log: Path, name: str) -> tuple[float, float, int, dict[str, Any]]:
    """Return wall and CPU time in s, the peak memory in KiB, and the output of the command."""
    form = ["--log-format", NGINX_FORMAT] if name == "nginx" else []
    command = [sys.executable, "-m", "blueprint", "evaluate", "--access-log", str(log), "--json", *form]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, output
    wall = time.perf_counter() - start
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, json.loads(output)


def largest_error(output: dict[str, Any], truth: Truth) -> str:
    """Return the largest relative error of all figures, with its name."""
    measured = {each["input"]: each["estimate"] for each in output["measurements"]}
    views = next(route for route in output["traffic"]["routes"] if route["route"] == "GET /products/{id}")
    pairs = {
        "mean_rps": (measured["mean_rps"], truth.mean_rps),
        "peak_rps": (measured["peak_rps"], truth.peak_rps),
        "read_fraction": (measured["read_fraction"], truth.read_fraction),
        "payload_kb": (measured["payload_kb"], truth.payload_kb),
        "catalogue_items": (measured["catalogue_items"], ITEMS),
        "catalogue_skew": (measured["catalogue_skew"], EXPONENT),
        "requests": (output["traffic"]["requests"], truth.requests),
        "errors": (output["traffic"]["errors"], truth.errors),
        **{f"p{share}": (views[f"p{share}_ms"], truth.percentile(share / 100)) for share in (50, 95, 99)},
    }
    errors = {name: abs(found / true - 1) for name, (found, true) in pairs.items()}
    worst = max(errors, key=errors.__getitem__)
    return f"{errors[worst]:.2%} ({worst})"


if __name__ == "__main__":
    main()
