"""`python -m bench.architectures`: generate the three shops, load-test each, and print the figures."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bench.shop import machine
from bench.shop.figures import Figure, show
from bench.shop.rounds import Pace
from tests.servers.caches import redis
from tests.servers.databases import postgresql
from tests.servers.kafka import kafka

from . import measure
from .shops import Servers, running_shop

PATTERNS = ("monolith", "microservices", "event-driven")


def main() -> int:
    """Run the benchmark that the command line describes."""
    parser = argparse.ArgumentParser(prog="bench.architectures", description=__doc__)
    parser.add_argument(
        "patterns", nargs="*", choices=[*PATTERNS, []], help="patterns to measure (default: all)"
    )
    parser.add_argument("--rounds", type=int, default=2, help="number of rounds; the median is reported")
    parser.add_argument("--seconds", type=int, default=4, help="length of a round in seconds")
    parser.add_argument("--orders", action="store_true", help="measure only orders and memory")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    pace = Pace(options.rounds, options.seconds, 32)
    try:
        with machine.watched() as told:
            figures = [
                figure
                for pattern in options.patterns or PATTERNS
                for figure in _figures(pattern, pace, orders_only=options.orders)
            ]
    except pytest.skip.Exception as reason:
        print(f"Skipped: {reason}", file=sys.stderr)
        return 0
    # Grouped by figure, so that compared values are next to each other.
    figures = sorted(_compared(figures), key=lambda figure: figure.group)
    show(told, figures, as_json=options.json)
    return 0


def _compared(figures: Sequence[Figure]) -> Iterator[Figure]:
    """Yield the figures, with the monolith's as the base of those without a target."""
    bases = {_what(figure): figure.value for figure in figures if figure.name.startswith("monolith")}
    for figure in figures:
        yield figure if figure.aim else replace(figure, base=bases.get(_what(figure)))


def _what(figure: Figure) -> tuple[str, str]:
    return figure.group, figure.name.removeprefix(next(filter(figure.name.startswith, PATTERNS)))


def _figures(pattern: str, pace: Pace, *, orders_only: bool) -> list[Figure]:
    print(f"{pattern} ...", file=sys.stderr)
    with ExitStack() as during:
        folder = Path(during.enter_context(tempfile.TemporaryDirectory(prefix=f"bench-{pattern}-")))
        folder.chmod(0o711)
        database = during.enter_context(postgresql(folder, fsync=True))
        cache = during.enter_context(redis(folder))
        bus = during.enter_context(kafka(folder)).url if pattern == "event-driven" else ""
        shop = during.enter_context(running_shop(pattern, folder, Servers(database, cache, bus)))
        return measure.shop(shop, pace, orders_only=orders_only)


if __name__ == "__main__":
    sys.exit(main())
