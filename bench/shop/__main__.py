"""`python -m bench.shop`: generate the monolith, start it on 127.0.0.1, measure, and print the figures."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.servers.caches import redis
from tests.servers.databases import postgresql

from . import catalogue, goods, lifecycle, machine, placing, rows, stack
from . import peer as peers
from .database import as_dsn, database
from .figures import Figure, show
from .peer import Peer
from .rounds import Pace

WORKERS = 2


def main() -> int:
    """Run the benchmark that the command line describes."""
    options = _parser().parse_args()
    pace = Pace(options.rounds, options.seconds, options.connections)
    peer = peers.read(options.peer) if options.peer else None
    try:
        with (
            machine.watched() as told,
            tempfile.TemporaryDirectory(prefix="bench-shop-") as folder,
            _servers(Path(folder), options.postgresql) as (database_server, cache),
        ):
            figures = measure(Path(folder), database_server, cache, peer, pace)
    except pytest.skip.Exception as reason:
        print(f"Skipped: {reason}", file=sys.stderr)
        return 0
    show(told, figures, as_json=options.json)
    return 0


def measure(folder: Path, server: str, cache: str, peer: Peer | None, pace: Pace) -> list[Figure]:
    """Return all figures, measured in sequence."""
    with ExitStack() as during:
        ours = during.enter_context(database(server))
        shop = stack.generate(folder, ours, cache)
        shop.run("migrate")
        shop.run("seed")
        with shop.serving(1) as (one,):
            market = goods.make(one.url, shop.administrator)
        figures = [lifecycle.cold_start(shop, pace.rounds)]
        copy = during.enter_context(database(server, template=ours))
        workers = during.enter_context(shop.serving(WORKERS))
        plain = during.enter_context(stack.bare(folder, as_dsn(copy), WORKERS))
        figures += lifecycle.footprint("at rest", workers)
        urls = [worker.url for worker in workers]
        figures += catalogue.measure(shop.project, folder, urls, market, pace)
        figures += placing.measure(urls, ours, [worker.url for worker in plain], market, pace)
        figures += rows.measure(urls, market, peer, pace)
        figures += lifecycle.footprint("after all load", workers)
        figures.append(lifecycle.audit(market.admin))
    return figures


@contextmanager
def _servers(folder: Path, given: str | None) -> Iterator[tuple[str, str]]:
    folder.chmod(0o711)
    with ExitStack() as during:
        server = given or during.enter_context(postgresql(folder, fsync=True))
        yield server, during.enter_context(redis(folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.shop", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds for each contender; the median is reported"
    )
    parser.add_argument("--seconds", type=int, default=4, help="length of a round in seconds")
    parser.add_argument("--connections", type=int, default=32, help="total number of connections")
    parser.add_argument(
        "--peer", type=Path, metavar="FILE", help="a running peer, see docs/explanation/measurements.md"
    )
    parser.add_argument("--postgresql", metavar="URL", help="use this server instead of starting one")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
