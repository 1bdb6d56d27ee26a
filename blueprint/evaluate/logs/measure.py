"""Needs that access logs show: rates, share of reads, sizes, items and the load of modules."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ..evidence import Evidence, Fact, Measurement
from ..histogram import ZERO_BUCKET, Counts, added, known, quantile
from ..intervals import count_interval, mean_interval, ratio_interval, share_interval
from .detect import detect_format
from .items import Popularity, popularity
from .log_format import LogFormat
from .nginx import formats_from
from .reading import LogReader
from .routes import module_of
from .stats import TrafficStats, stats_of
from .traffic import Route, Traffic

BATCHES = 24
"""Parts of the observed time whose means say how sure the mean rate is."""
SMALL_MODULE = 0.001
"""Share of the requests below which a name is no module: a typing error, a scan or a remnant."""
LONG_GAP = 60
"""Minutes without a request that are mentioned, if the log has requests in most minutes."""


def read_access_logs(paths: Sequence[Path], log_format: str | None) -> tuple[Evidence, TrafficStats]:
    """Read access logs, and return what they show. Raises EvidenceError."""
    own = formats_from(log_format) if log_format else []
    traffic = Traffic()
    logs = [_read(path, own, traffic) for path in paths]
    routes = traffic.routes()
    stats = stats_of(traffic, routes, sum(log.size for log in logs))
    cut_off = [log.name for log in logs if log.cut_off]
    notes = tuple(f"the end of {name} is missing; what could be read counts" for name in cut_off)
    if not stats.requests:
        return Evidence(notes=(*notes, "no request in the access logs counts")), stats
    names = ", ".join(log.name for log in logs[:3]) + (" and others" if len(logs) > 3 else "")
    shown = _Reading(traffic, routes, stats, names).result()
    by_visitors = [_CDN] if any(log.sees_visitors for log in logs) else []
    return shown._replace(
        measurements=(*shown.measurements, *by_visitors), notes=(*notes, *shown.notes)
    ), stats


_CDN = Measurement("cdn", True, True, True, "the access log is that of a content delivery network")


class _Log(NamedTuple):
    """A log that was read: its size in bytes, whether it ended early, and whether it is that of a CDN."""

    name: str
    size: int
    cut_off: bool
    sees_visitors: bool


def _read(path: Path, own: Sequence[LogFormat], traffic: Traffic) -> _Log:
    reader = LogReader(path)
    form = detect_format(path, reader.head(), own)
    for lines in reader.pieces():
        number = lines.count(b"\n")
        others = number - traffic.add(form.requests(lines, number), form)
        if others > 0:
            comments = lines.count(b"\n#") + lines.startswith(b"#")
            traffic.broken += max(0, others - comments)
    return _Log(path.name, reader.read, reader.cut_off, form.sees_visitors)


class _Reading:
    """Figures that follow from the counts of all logs."""

    def __init__(self, traffic: Traffic, routes: Sequence[Route], stats: TrafficStats, names: str) -> None:
        self._routes, self._stats = routes, stats
        self._by_minute = {number: sum(minute.seconds) for number, minute in traffic.minutes.items()}
        self._where = f"{stats.requests:,} requests in {_duration(stats.observed_s)} of {names}"

    def result(self) -> Evidence:
        """Return the measurements, the facts and the notes."""
        measured = [self._mean(), self._peak(), self._reads(), *self._items(), *self._skew()]
        return Evidence(tuple(measured), self._facts(), (), tuple(self._gaps()))

    def _mean(self) -> Measurement:
        mean = self._stats.mean_rps
        low, high = mean_interval(self._batches())
        return Measurement("mean_rps", mean, min(low, mean), max(high, mean), self._where)

    def _batches(self) -> list[float]:
        """Return the mean rates of equal parts of the observed time, of a minute or more each."""
        first, last = min(self._by_minute), max(self._by_minute)
        length = max(1, math.ceil((last - first + 1) / BATCHES))
        totals: Counter[int] = Counter()
        for number, count in self._by_minute.items():
            totals[(number - first) // length] += count
        parts = [totals[part] / (60 * length) for part in range((last - first + 1) // length)]
        return parts or [self._stats.mean_rps]

    def _peak(self) -> Measurement:
        peak = self._stats.busiest_minute_rps
        low, high = (bound / 60 for bound in count_interval(60 * peak))
        evidence = f"the busiest of {len(self._by_minute):,} minutes"
        return Measurement("peak_rps", peak, low, high, evidence)

    def _reads(self) -> Measurement:
        reads = sum(route.requests for route in self._routes if route.is_read)
        low, high = share_interval(reads, self._stats.requests)
        evidence = f"{reads:,} of {self._stats.requests:,} requests are GET, HEAD or OPTIONS"
        return Measurement("read_fraction", reads / self._stats.requests, low, high, evidence)

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
        real = [(name, n) for name, n in modules.most_common() if n >= SMALL_MODULE * self._stats.requests]
        if len(real) < 2:
            return []
        (most, busy), (least, quiet) = real[0], real[-1]
        low, high = ratio_interval(busy, quiet)
        evidence = f"{most} has {busy:,} requests, {least} {quiet:,}, of {len(real)} modules"
        return [Measurement("scale_skew", busy / quiet, max(1.0, low), high, evidence)]

    def _facts(self) -> tuple[Fact, ...]:
        stats = self._stats
        durations = added(route.durations for route in self._routes)
        answered = 100 * (1 - stats.errors / stats.requests)
        worst = f"{stats.worst_minute_errors:,} errors in the worst minute"
        facts = [
            Fact("burst", f"{stats.burst:.2f} times the mean in the busiest minute", self._where),
            Fact("busiest second", f"{stats.busiest_second_rps:,.0f} requests", self._where),
            Fact("answered without an error of the server", f"{answered:.5g} %; {worst}", self._where),
        ]
        if known(durations):
            times = (f"p{share} {quantile(durations, share / 100):.3g} ms" for share in (50, 95, 99))
            facts.append(Fact("latency", ", ".join(times), self._where))
        return tuple(facts)

    def _gaps(self) -> list[str]:
        numbers = sorted(self._by_minute)
        gap = max((after - before for before, after in pairwise(numbers)), default=1)
        if gap > LONG_GAP and len(numbers) > (numbers[-1] - numbers[0]) / 2:
            return [f"there is no request for {_duration(60 * gap)}: is a log missing?"]
        return []


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


def _duration(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds"
