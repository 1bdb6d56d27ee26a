"""`python -m acceptance.load`: load-test a shop on this machine."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from random import Random

from ..journal import JournalWriter
from ..target import add_target, exit_code, is_loopback
from .arrivals import constant, poisson
from .prepare import PLENTY, prepare
from .report import ClientSide, summary, to_text
from .run import Runner, fresh_tokens
from .workload import IDEMPOTENT_OPERATIONS, OPERATIONS, Shopper, Workload

MAX_RATE = 20_000
MAX_SECONDS = 600
MAX_CLIENTS = 1_000


def main() -> int:
    """Run the load test that the arguments describe; return 0 if any response arrived."""
    parser = _parser()
    options = parser.parse_args()
    if not (is_loopback(options.base_url) or options.i_own_this_host):
        parser.error("--base-url is not on this machine; add --i-own-this-host if you own that host")
    mix = {name: weight for name, weight in options.mix.items() if name in _allowed(options.idempotent_only)}
    if not mix:
        parser.error("--mix has no idempotent operations; add one or remove --idempotent-only")
    journal = JournalWriter(options.journal) if options.journal else None
    random = Random(options.seed)
    skus, shoppers = prepare(
        options.base_url, options.admin, options.products, options.users, options.stock, journal
    )
    workload = Workload(mix, skus, shoppers, random, journal)
    runner = Runner(options.base_url, options.connections, workload, options.retry_idempotent)
    client = asyncio.run(_run(runner, options, random, shoppers))
    if journal is not None:
        journal.close()
    result = summary(runner.figures, client)
    print(json.dumps(result) if options.json else to_text(result))
    return 0 if runner.figures.answers else 1


async def _run(
    runner: Runner, options: argparse.Namespace, random: Random, shoppers: list[Shopper]
) -> ClientSide:
    gc.collect()
    gc.freeze()
    cpu = time.process_time()
    async with fresh_tokens(shoppers):
        if options.clients:
            elapsed = await runner.closed_loop(options.clients, options.seconds)
        elif options.arrivals == "constant":
            elapsed = await runner.open_loop(constant(options.rate, options.seconds))
        else:
            elapsed = await runner.open_loop(poisson(options.rate, options.seconds, random))
        cpu = time.process_time() - cpu
        unknown = await runner.resolve()
    runner.pool.close()
    return ClientSide(elapsed, cpu, runner.pool.waited, options.connections, unknown)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m acceptance.load", description=__doc__)
    add_target(parser)
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument(
        "--rate", type=_within(1, MAX_RATE), default=100, help="open loop: requests per second (default: 100)"
    )
    pace.add_argument("--clients", type=_within(1, MAX_CLIENTS), help="closed loop: number of clients")
    parser.add_argument("--seconds", type=_within(1, MAX_SECONDS), default=10)
    parser.add_argument(
        "--mix", type=_mix, default="browse=90,order=10", help=f"weights of {', '.join(OPERATIONS)}"
    )
    parser.add_argument("--arrivals", choices=("poisson", "constant"), default="poisson")
    parser.add_argument("--connections", type=_within(1, MAX_CLIENTS), default=64)
    parser.add_argument("--idempotent-only", action="store_true", help="remove POST requests from the mix")
    parser.add_argument(
        "--retry-idempotent",
        action="store_true",
        help="retry GET, PUT and DELETE once if the connection closed before the first byte of the response",
    )
    parser.add_argument("--products", type=_within(1, 10_000), default=100)
    parser.add_argument("--users", type=_within(1, 100), default=4)
    parser.add_argument("--stock", type=_within(0, PLENTY), default=PLENTY, help="units of each product")
    parser.add_argument(
        "--journal", type=Path, help="write the observed orders, for acceptance.audit --journal"
    )
    parser.add_argument("--seed", type=int, help="random seed, to repeat a run")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--i-own-this-host", action="store_true")
    return parser


def _within(least: int, most: int) -> type[int]:
    def number(text: str) -> int:
        if not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"must be from {least} to {most}")
        return int(text)

    return number  # type: ignore[return-value]


def _mix(text: str) -> dict[str, float]:
    mix: dict[str, float] = {}
    for part in text.split(","):
        name, _, weight = part.partition("=")
        if name not in OPERATIONS:
            raise argparse.ArgumentTypeError(f"unknown operation {name!r}; use {', '.join(OPERATIONS)}")
        mix[name] = float(weight or 1)
    return mix


def _allowed(idempotent_only: bool) -> frozenset[str]:
    return IDEMPOTENT_OPERATIONS if idempotent_only else frozenset(OPERATIONS)


if __name__ == "__main__":
    sys.exit(exit_code(main))
