"""`python -m bench.stacks`: the Python and the Java shop side by side on one PostgreSQL and Redis."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.architectures import usage
from bench.shop import goods, machine
from bench.shop.figures import Aim, Figure, show
from bench.shop.goods import Goods
from bench.shop.rounds import Pace
from bench.shop.stack import Worker
from bench.shop.wrk import Request, throughput
from tests.servers.caches import redis
from tests.servers.databases import postgresql

from .shops import Stack, java, new_database, python

START = "Start to ready"
MEMORY = "Memory (PSS)"
FASTER = Aim(at_least=2.5)
READY = Aim(at_most=3)
SMALL = Aim(at_most=330)
LOADS: dict[str, tuple[Callable[[Goods], list[Request]], Aim | None]] = {
    "read a product": (goods.products, FASTER),
    "a page of 20": (goods.pages, FASTER),
    "read one row": (goods.stock, None),
    "place an order": (goods.orders, FASTER),
    "login": (goods.logins, None),
}


@dataclass(frozen=True, slots=True)
class Contender:
    """A process of a stack, and its test data."""

    stack: Stack
    process: Worker
    market: Goods


def main() -> int:
    """Run the benchmark that the command line describes."""
    parser = argparse.ArgumentParser(prog="bench.stacks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="number of rounds; the median is reported")
    parser.add_argument("--seconds", type=int, default=4, help="length of a round in seconds")
    parser.add_argument("--warm-up", type=int, default=30, help="seconds of each load before its first round")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    try:
        with machine.watched() as told, ExitStack() as during:
            folder = Path(during.enter_context(tempfile.TemporaryDirectory(prefix="bench-stacks-")))
            folder.chmod(0o711)
            server = during.enter_context(postgresql(folder, fsync=True))
            cache = during.enter_context(redis(folder))
            figures = measure(
                folder, server, cache, Pace(options.rounds, options.seconds, 32), options.warm_up
            )
    except pytest.skip.Exception as reason:
        print(f"Skipped: {reason}", file=sys.stderr)
        return 0
    show(told, figures, as_json=options.json)
    return 0


def measure(folder: Path, server: str, cache: str, pace: Pace, warm_up: int) -> list[Figure]:
    """Return all figures: starts first, then both stacks in turn, and their memory after that."""
    slow = python(folder / "python", new_database(server, "python"), f"{cache[:-1]}1")
    plain, cached = java(folder / "java", new_database(server, "java"), f"{cache[:-1]}2")
    for stack in (slow, plain):
        stack.run("migrate")
    figures = [start(stack, pace.rounds) for stack in (slow, plain, cached)]
    with ExitStack() as during:
        contenders = []
        for stack in (slow, cached):
            process = during.enter_context(stack.serving())
            contenders.append(Contender(stack, process, goods.make(process.url, stack.administrator)))
        for name, (requests, aim) in LOADS.items():
            figures += race(name, requests, contenders, pace, warm_up, aim)
        for each in contenders:
            used = usage.memory_mib([each.process.pid])
            aim = SMALL if each.stack is cached else None
            figures.append(Figure(MEMORY, f"{each.stack.name} after all load", "MiB", (used,), aim=aim))
    return figures


def start(stack: Stack, rounds: int) -> Figure:
    """Return the time from the start of a process to its first 200 on /readyz."""
    seconds = []
    for _ in range(rounds):
        with stack.serving() as process:
            seconds.append(process.started_in)
    return Figure(START, stack.name, "s", tuple(seconds), aim=READY if "AOT" in stack.name else None)


def race(
    name: str,
    requests: Callable[[Goods], list[Request]],
    contenders: Sequence[Contender],
    pace: Pace,
    warm_up: int,
    aim: Aim | None,
) -> list[Figure]:
    """Return requests per CPU second of the process and per second, of all contenders in turn."""
    per_cpu: dict[str, list[float]] = {each.stack.name: [] for each in contenders}
    per_second: dict[str, list[float]] = {each.stack.name: [] for each in contenders}
    for each in contenders:
        # A JVM compiles what runs often for half a minute of load.
        _turn(each, requests(each.market), pace.connections, warm_up)
    for _ in range(pace.rounds):
        for each in contenders:
            rate, used = _turn(each, requests(each.market), pace.connections, pace.seconds)
            per_second[each.stack.name].append(rate)
            per_cpu[each.stack.name].append(rate * pace.seconds / used)
    group = name.capitalize()
    base = Figure(group, "", "", tuple(per_cpu[contenders[0].stack.name])).value
    figures = []
    for each in contenders:
        own = each.stack.name
        first = each is contenders[0]
        figures.append(
            Figure(
                group,
                f"{own}, per CPU second",
                "req",
                tuple(per_cpu[own]),
                base=None if first else base,
                aim=None if first else aim,
            )
        )
        figures.append(Figure(group, f"{own}, per second", "req/s", tuple(per_second[own])))
    return figures


def _turn(
    contender: Contender, requests: Sequence[Request], connections: int, seconds: int
) -> tuple[float, float]:
    """Return the requests per second, and the CPU time of the process in seconds."""
    pids = [contender.process.pid]
    before = usage.cpu_seconds(pids)
    rate = throughput([contender.process.url], requests, connections=connections, seconds=seconds)
    # The events of the last orders are a part of what they cost.
    time.sleep(1)
    return rate, usage.cpu_seconds(pids) - before


if __name__ == "__main__":
    sys.exit(main())
