"""Catalog reads: through NGINX with and without its micro-cache, and directly from the processes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from tests.deploy import edges

from . import goods, openloop
from .figures import Aim, Figure
from .goods import Goods
from .rounds import Contender, Pace, race

GROUP = "Catalogue reads"
THROUGHPUT = Aim(at_least=5_000)
LATENCY = Aim(at_most=20)
NO_MICRO_CACHE = (r"proxy_cache catalogue;", "proxy_cache off;")


def measure(project: Path, folder: Path, workers: Sequence[str], market: Goods, pace: Pace) -> list[Figure]:
    """Return throughput (closed loop), and latency at half that rate (open loop, from the scheduled time)."""
    one, page = goods.products(market), goods.pages(market)
    with (
        _nginx(project, folder / "cached", workers) as cached,
        _nginx(project, folder / "uncached", workers, NO_MICRO_CACHE) as uncached,
    ):
        micro_cached = Contender("a product, NGINX with micro-cache", [cached], one)
        passed_on = Contender("a product, NGINX, micro-cache off", [uncached], one)
        others = [
            Contender("a product, no NGINX", workers, one),
            Contender("a page of 20, NGINX with micro-cache", [cached], page),
            Contender("a page of 20, no NGINX", workers, page),
        ]
        rates = race([micro_cached, passed_on, *others], pace)
        figures = [Figure(GROUP, name, "req/s", rate.rounds) for name, rate in rates.items()]
        figures[0] = replace(figures[0], aim=THROUGHPUT)
        for way in (micro_cached, passed_on):
            half = rates[way.name].median / 2
            figures.append(openloop.browsing(GROUP, way, market.skus, half, pace, LATENCY))
    return figures


@contextmanager
def _nginx(project: Path, folder: Path, servers: Sequence[str], *changes: edges.Change) -> Iterator[str]:
    """Run the project's NGINX with local addresses, without its rate limit, and with `changes`."""
    folder.mkdir()
    text = (project / edges.CONFIGURATION["nginx"]).read_text()
    ports = [urlsplit(server).port or 80 for server in servers]
    with edges.serve("nginx", text, ports, folder, [edges.NO_LIMIT["nginx"], *changes]) as port:
        yield f"http://127.0.0.1:{port}"
