"""Statistics of access logs: rates, latencies and errors, in all and by route."""

from collections.abc import Sequence
from typing import NamedTuple

from ..histogram import known, mean, quantile
from .traffic import Route, Traffic


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


def stats_of(traffic: Traffic, routes: Sequence[Route], bytes_read: int) -> TrafficStats:
    """Return the statistics of some logs; all are 0 if no request counts."""
    requests, seconds = sum(route.requests for route in routes), _observed_s(traffic)
    average = requests / seconds if seconds else 0.0
    minutes = traffic.minutes.values()
    # A log of less than a minute may fall into two minutes.
    busiest = max([average, *(sum(minute.seconds) / 60 for minute in minutes)])
    return TrafficStats(
        requests=requests,
        left_out=dict(sorted(traffic.left_out.items())),
        broken_lines=traffic.broken,
        bytes_read=bytes_read,
        observed_s=seconds,
        mean_rps=average,
        busiest_minute_rps=busiest,
        busiest_second_rps=float(max((max(minute.seconds) for minute in minutes), default=0)),
        burst=busiest / average if average else 0.0,
        errors=sum(route.errors for route in routes),
        worst_minute_errors=max((minute.errors for minute in minutes), default=0),
        routes=tuple(_route(route, requests, seconds) for route in routes) if seconds else (),
    )


def _observed_s(traffic: Traffic) -> int:
    """Return the seconds from the first to the last request."""
    if not traffic.minutes:
        return 0
    first, last = min(traffic.minutes), max(traffic.minutes)
    starts = [second for second, count in enumerate(traffic.minutes[first].seconds) if count]
    ends = [second for second, count in enumerate(traffic.minutes[last].seconds) if count]
    return (last - first) * 60 + ends[-1] - starts[0] + 1


def _route(route: Route, requests: int, seconds: int) -> RouteStats:
    timed = known(route.durations) > 0
    p50, p95, p99 = (quantile(route.durations, share) if timed else None for share in (0.5, 0.95, 0.99))
    return RouteStats(
        route=f"{route.method} {route.path}",
        requests=route.requests,
        share=route.requests / requests,
        rps=route.requests / seconds,
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        mean_bytes=mean(route.sizes),
        errors=route.errors,
    )
