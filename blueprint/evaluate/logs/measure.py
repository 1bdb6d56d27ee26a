"""Needs that access logs show: rates, share of reads, sizes, items and the load of modules."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ..evidence import Evidence, Fact, Measurement
from ..histogram import ZERO_BUCKET, Counts, added, known, mean, quantile
from ..intervals import count_interval, mean_interval, ratio_interval, share_interval
from .detect import detect_format
from .items import Popularity, popularity
from .log_format import LogFormat
from .nginx import formats_from
from .reading import LogReader
from .routes import module_of
from .traffic import Route, Traffic

BATCHES = 24
"""Parts of the observed time whose means say how sure the mean rate is."""
SMALL_MODULE = 0.001
"""Share of the requests below which a name is no module: a typing error, a scan or a remnant."""
LONG_GAP = 60
"""Minutes without a request that are mentioned, if the log has requests in most minutes."""


class RouteStats(NamedTuple):
    """Requests for one route: how many a second, what share, latency in ms, mean size in bytes, errors."""

    route: str
    requests: int
    share: float
    rps: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    mean_bytes: float
    errors: int


class TrafficStats(NamedTuple):
    """What the logs hold: counts, the observed time in s, rates in req/s, errors, and the routes.

    `left_out` counts requests that say nothing about the needs, by kind; `broken_lines` could not be read.
    """

    requests: int
    left_out: dict[str, int]
    broken_lines: int
    bytes_read: int
    observed_s: int
    mean_rps: float
    busiest_minute_rps: float
    busiest_second_rps: float
    burst: float
    errors: int
    worst_minute_errors: int
    routes: tuple[RouteStats, ...]


def read_access_logs(paths: Sequence[Path], log_format: str | None) -> tuple[Evidence, TrafficStats]:
    """Read access logs, and return what they show. Raises EvidenceError."""
    own = formats_from(log_format) if log_format else []
    traffic, notes, size, by_visitors = Traffic(), [], 0, False
    for path in paths:
        reader = LogReader(path)
        form = detect_format(path, reader.head(), own)
        by_visitors |= form.sees_visitors
        _read(reader, form, traffic)
        size += reader.read
        if reader.cut_off:
            notes.append(f"{path.name} is cut off; what could be read of it counts")
    if not traffic.minutes:
        return Evidence(notes=(*notes, "no request in the access logs counts")), _no_traffic(traffic, size)
    return _Reading(traffic, paths, size, notes, by_visitors).result()


def _read(reader: LogReader, form: LogFormat, traffic: Traffic) -> None:
    for lines in reader.pieces():
        comments = lines.count(b"\n#") + lines.startswith(b"#")
        broken = lines.count(b"\n") - comments - traffic.add(form.requests(lines), form)
        traffic.broken += max(0, broken)
    traffic.fold(form)


class _Reading:
    """Figures that follow from the counts of all logs."""

    def __init__(
        self, traffic: Traffic, paths: Sequence[Path], size: int, notes: Sequence[str], by_visitors: bool
    ) -> None:
        self._traffic, self._notes, self._by_visitors, self._size = traffic, list(notes), by_visitors, size
        self._routes = traffic.routes()
        self._requests = sum(route.requests for route in self._routes)
        first, last = min(traffic.minutes), max(traffic.minutes)
        starts = [second for second, count in enumerate(traffic.minutes[first].seconds) if count]
        ends = [second for second, count in enumerate(traffic.minutes[last].seconds) if count]
        self._seconds = (last - first) * 60 + max(ends) - min(starts) + 1
        self._by_minute = {number: sum(minute.seconds) for number, minute in traffic.minutes.items()}
        names = ", ".join(path.name for path in paths[:3]) + (" and others" if len(paths) > 3 else "")
        self._where = f"{self._requests:,} requests in {_duration(self._seconds)} of {names}"

    def result(self) -> tuple[Evidence, TrafficStats]:
        stats = self._stats()
        measured = [
            self._mean(stats),
            self._peak(stats),
            self._reads(),
            *self._items(),
            *self._skew(),
            *self._cdn(),
        ]
        return Evidence(tuple(measured), self._facts(stats), (), tuple(self._gaps())), stats

    def _stats(self) -> TrafficStats:
        average = self._requests / self._seconds
        # A log of less than a minute may fall into two minutes.
        minute = max(average, max(self._by_minute.values()) / 60)
        return TrafficStats(
            requests=self._requests,
            left_out=dict(sorted(self._traffic.left_out.items())),
            broken_lines=self._traffic.broken,
            bytes_read=self._size,
            observed_s=self._seconds,
            mean_rps=average,
            busiest_minute_rps=minute,
            busiest_second_rps=float(max(max(minute.seconds) for minute in self._traffic.minutes.values())),
            burst=minute / average,
            errors=sum(route.errors for route in self._routes),
            worst_minute_errors=max(minute.errors for minute in self._traffic.minutes.values()),
            routes=tuple(self._route(route) for route in self._routes),
        )

    def _route(self, route: Route) -> RouteStats:
        timed = known(route.durations) > 0
        p50, p95, p99 = (quantile(route.durations, s) if timed else None for s in (0.5, 0.95, 0.99))
        return RouteStats(
            route=f"{route.method} {route.path}",
            requests=route.requests,
            share=route.requests / self._requests,
            rps=route.requests / self._seconds,
            p50_ms=p50,
            p95_ms=p95,
            p99_ms=p99,
            mean_bytes=mean(route.sizes),
            errors=route.errors,
        )

    def _mean(self, stats: TrafficStats) -> Measurement:
        low, high = mean_interval(self._batches())
        low, high = min(low, stats.mean_rps), max(high, stats.mean_rps)
        return Measurement("mean_rps", stats.mean_rps, low, high, self._where)

    def _batches(self) -> list[float]:
        """Return the mean rates of equal parts of the observed time, of a minute or more each."""
        first, last = min(self._by_minute), max(self._by_minute)
        length = max(1, math.ceil((last - first + 1) / BATCHES))
        totals: Counter[int] = Counter()
        for number, count in self._by_minute.items():
            totals[(number - first) // length] += count
        parts = [totals[part] / (60 * length) for part in range((last - first + 1) // length)]
        return parts or [self._requests / self._seconds]

    def _peak(self, stats: TrafficStats) -> Measurement:
        low, high = (bound / 60 for bound in count_interval(60 * stats.busiest_minute_rps))
        evidence = f"the busiest of {len(self._by_minute):,} minutes"
        return Measurement("peak_rps", stats.busiest_minute_rps, low, high, evidence)

    def _reads(self) -> Measurement:
        reads = sum(route.requests for route in self._routes if route.is_read)
        low, high = share_interval(reads, self._requests)
        evidence = f"{reads:,} of {self._requests:,} requests are GET, HEAD or OPTIONS"
        return Measurement("read_fraction", reads / self._requests, low, high, evidence)

    def _items(self) -> list[Measurement]:
        """Return number, skew and size of the items: what the busiest route with a variable end answers."""
        route = next((r for r in self._routes if r.method == "GET" and r.path.endswith("}")), None)
        views = route.items.views() if route else []
        if route is None or not views:
            return self._payload([route for route in self._routes if route.is_read], "all reads")
        where = f"{route.requests:,} requests for GET {route.path}"
        found = popularity(views, route.items.weight)
        return [*self._payload([route], f"GET {route.path}"), *_popularity(found, where)]

    def _payload(self, routes: Sequence[Route], name: str) -> list[Measurement]:
        sizes = added(route.sizes for route in routes)
        filled: Counts = {bucket: count for bucket, count in sizes.items() if bucket != ZERO_BUCKET}
        if not known(filled):
            return []
        low, middle, high = (quantile(filled, share) / 1000 for share in (0.25, 0.5, 0.75))
        evidence = f"median of {known(filled):,} responses of {name}; half of them are in the interval"
        return [Measurement("payload_kb", middle, low, high, evidence)]

    def _skew(self) -> list[Measurement]:
        modules: Counter[str] = Counter()
        for route in self._routes:
            modules[module_of(route.path)] += route.requests
        real = [(name, n) for name, n in modules.most_common() if n >= SMALL_MODULE * self._requests]
        if len(real) < 2:
            return []
        (most, busy), (least, quiet) = real[0], real[-1]
        low, high = ratio_interval(busy, quiet)
        evidence = f"{most} has {busy:,} requests, {least} {quiet:,}, of {len(real)} modules"
        return [Measurement("scale_skew", busy / quiet, max(1.0, low), high, evidence)]

    def _cdn(self) -> list[Measurement]:
        if not self._by_visitors:
            return []
        return [Measurement("cdn", True, True, True, "the access log is that of a content delivery network")]

    def _facts(self, stats: TrafficStats) -> tuple[Fact, ...]:
        durations = added(route.durations for route in self._routes)
        answered = 100 * (1 - stats.errors / stats.requests)
        facts = [
            Fact("burst", f"{stats.burst:.2f} times the mean in the busiest minute", self._where),
            Fact("busiest second", f"{stats.busiest_second_rps:,.0f} requests", self._where),
            Fact("answered without an error of the server", f"{answered:.4g} %", self._where),
        ]
        if known(durations):
            times = (f"p{share} {quantile(durations, share / 100):.3g} ms" for share in (50, 95, 99))
            facts.append(Fact("latency", ", ".join(times), self._where))
        return tuple(facts)

    def _gaps(self) -> list[str]:
        numbers = sorted(self._by_minute)
        gap = max((after - before for before, after in pairwise(numbers)), default=1)
        if gap > LONG_GAP and len(numbers) > (numbers[-1] - numbers[0]) / 2:
            return [*self._notes, f"there is no request for {_duration(60 * gap)}: is a log missing?"]
        return self._notes


def _popularity(found: Popularity, where: str) -> list[Measurement]:
    evidence = f"{found.seen:,} different ones in {where}; the others are estimated"
    items = [Measurement("catalogue_items", found.items, found.seen, max(found.items, found.seen), evidence)]
    if found.exponent is None:
        return items
    low, high = max(0.0, found.exponent - found.error), found.exponent + found.error
    skew = Measurement(
        "catalogue_skew", min(2.0, found.exponent), low, high, f"most likely exponent for {where}"
    )
    return [*items, skew]


def _no_traffic(traffic: Traffic, size: int) -> TrafficStats:
    left_out = dict(sorted(traffic.left_out.items()))
    return TrafficStats(0, left_out, traffic.broken, size, 0, 0.0, 0.0, 0.0, 0.0, 0, 0, ())


def _duration(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds"
