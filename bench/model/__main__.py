"""`python -m bench.model`: measure the demands of the three shops, and set the estimates beside load tests.

The estimates are made of the demands that this machine has just measured, which are saved in
build/bench-model: another machine may be several times as fast. `--shipped` compares the demands in
blueprint/advise/data/demands.yaml instead, and `--write` replaces these by the measured ones.
"""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from bench.shop import machine
from blueprint.advise import profiles
from blueprint.advise.datafiles import DATA, load
from templates.shared.acceptance.demands.measure import Bench, FailedRequests
from templates.shared.acceptance.demands.report import to_yaml

from .loads import Row, compare, held
from .shops import shop
from .speed import watched_speed

RESULTS = Path("build/bench-model")
PATTERNS = ("monolith", "microservices", "event-driven")
PROMISED = 0.8
"""Share of the measurements that a range has to contain, by `blueprint.advise.ranges`."""
HEAD = """\
# Service demands of the generated shops, measured (tag M) with `python -m bench.model --write`. In a project,
# `make bench` measures those of its shop. CPU is in ms per request, or per second at rest. Latencies of a
# quiet shop are in ms at the load balancer. Memory is in MiB of one process.
"""


def main() -> int:
    """Run what the command line describes; return 1 if the estimates do not keep what they promise."""
    parser = argparse.ArgumentParser(prog="python -m bench.model")
    parser.add_argument("patterns", nargs="*", help=f"some of {', '.join(PATTERNS)} (default: all)")
    parser.add_argument(
        "--seconds", type=float, default=5.0, help="length of one run that measures demands (default: 5)"
    )
    parser.add_argument("--shipped", action="store_true", help="take the demands of demands.yaml")
    parser.add_argument("--write", action="store_true", help="write the measured demands to it")
    options = parser.parse_args()
    if options.shipped and options.write:
        parser.error("--write needs demands that were measured. Omit --shipped")
    chosen = options.patterns or PATTERNS
    if unknown := set(chosen) - set(PATTERNS):
        parser.error(f"unknown pattern: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    failed = False
    for pattern in chosen:
        try:
            found = _measure(pattern, options.seconds, shipped=options.shipped, write=options.write)
        except pytest.skip.Exception as reason:
            print(f"Skipped {pattern}: {reason}", file=sys.stderr)
            continue
        except FailedRequests as failure:
            print(f"Not measured: {pattern}: {failure}", file=sys.stderr)
            failed = True
            continue
        _show(pattern, found)
        rows += found
    numbers, ranges = ([row for row in rows if bool(row.sd) == ranged] for ranged in (False, True))
    print(f"{held(numbers)} of {len(numbers)} numbers are within 25 %.")
    print(
        f"{held(ranges)} of {len(ranges)} latencies are in their range; it promises {PROMISED:.0%} of them."
    )
    holds = held(numbers) == len(numbers) and held(ranges) >= PROMISED * len(ranges)
    return int(failed or not holds)


def _measure(pattern: str, seconds: float, *, shipped: bool, write: bool) -> list[Row]:
    print(f"{pattern} ...", file=sys.stderr)
    with machine.watched() as conditions, watched_speed() as speed, shop(pattern) as measurable:
        running, groups = measurable.running, measurable.groups
        bench = Bench(running.uncached, running.administrator, groups, seconds, measurable.statements)
        if shipped:
            bench.warm_up()
            profile, work_ms = profiles.default_profiles()[pattern], None
        else:
            start = time.monotonic()
            measured = {"measured": _measured(conditions), **bench.demands()}
            work_ms = speed.work_ms(start, time.monotonic())
            profile = profiles.profiles_from(_save(pattern, measured))[pattern]
            if write:
                _replace(pattern, measured)
        return compare(bench, running, groups, profile, speed, work_ms)


def _measured(conditions: Mapping[str, str]) -> dict[str, str]:
    return {"date": date.today().isoformat(), "tag": "M", **conditions}


def _save(pattern: str, measured: Mapping[str, Any]) -> Path:
    """Save the figures of a pattern for `recommend --measured`, and return the path."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{pattern}.yaml"
    path.write_text(to_yaml({"patterns": {pattern: measured}}))
    return path


def _replace(pattern: str, measured: Mapping[str, Any]) -> None:
    """Put the figures of a pattern in place of those in the data file."""
    document = load("demands")
    document = {**document, "patterns": {**document["patterns"], pattern: measured}}
    (DATA / "demands.yaml").write_text(HEAD + to_yaml(document))
    load.cache_clear()
    profiles.default_profiles.cache_clear()


def _show(pattern: str, rows: Sequence[Row]) -> None:
    table = Table("", "load", "estimate", "measured", "off", "unit", title=pattern, title_justify="left")
    for row in sorted(rows, key=lambda row: row.figure):
        table.add_row(
            row.figure,
            row.load,
            row.shown,
            f"{row.measured:.2f}",
            f"{row.off:+.0%}{'' if row.holds else '  missed'}",
            row.unit,
        )
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    sys.exit(main())
