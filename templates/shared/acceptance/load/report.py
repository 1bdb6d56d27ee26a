"""Result of a load test, as text and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .figures import Figures, Latency, percentile

LAG_LIMIT_SECONDS = 0.010
CPU_LIMIT = 0.9


@dataclass(frozen=True)
class ClientSide:
    """Resources that the client itself used.

    `elapsed` and `cpu` are seconds; `waited` counts requests that waited for a free connection, and
    `unknown` the orders whose outcome is still unknown.
    """

    elapsed: float
    cpu: float
    waited: int
    connections: int
    unknown: int


def summary(figures: Figures, client: ClientSide) -> dict[str, Any]:
    """Return all measurements as JSON data; latencies in milliseconds, rates per second."""
    lag = sorted(figures.lag) or [0.0]
    operations = sorted({*figures.latencies, *figures.errors})
    return {
        "scheduled": figures.scheduled,
        "answered": figures.answers,
        "answered_per_second": round(figures.answers / client.elapsed, 1),
        "failed": figures.failures,
        "failed_idempotent": figures.failed_idempotent,
        "retried": figures.retried,
        "unknown_orders": client.unknown,
        "operations": {name: _operation(figures, name) for name in operations},
        "errors": {name: dict(each) for name, each in figures.errors.items()},
        "client": {
            "lag_p99_ms": round(percentile(lag, 99) * 1000, 2),
            "cpu_share": round(client.cpu / client.elapsed, 2),
            "waited_for_a_connection": client.waited,
            "limit": _limit(percentile(lag, 99), client),
        },
    }


def to_text(result: dict[str, Any]) -> str:
    """Return the summary as a few lines and a table."""
    lines = [
        "{scheduled} requests scheduled, {answered} successful ({answered_per_second}/s),"
        " {failed} failed ({failed_idempotent} idempotent), {retried} retried,"
        " {unknown_orders} orders with an unknown outcome".format(**result),
        f"{'ms':10}{'count':>8}{'failed':>8}" + "".join(f"{name:>9}" for name in _COLUMNS),
    ]
    for name, row in result["operations"].items():
        cells = "".join(f"{row[column]:9.1f}" if row["count"] else f"{'-':>9}" for column in _COLUMNS)
        lines.append(f"{name:10}{row['count']:8}{row['failed']:8}{cells}")
    for name, kinds in result["errors"].items():
        lines.append(f"errors in {name}: " + ", ".join(f"{kind}: {count}" for kind, count in kinds.items()))
    client = result["client"]
    lines.append(
        f"client: send delay p99 {client['lag_p99_ms']} ms, {client['cpu_share']:.0%} of a core,"
        f" {client['waited_for_a_connection']} requests waited for a connection"
    )
    if client["limit"]:
        lines.append(f"WARNING: the load client was the bottleneck: {client['limit']}")
    return "\n".join(lines)


_COLUMNS = ("mean", "p50", "p95", "p99", "max")


def _operation(figures: Figures, name: str) -> dict[str, Any]:
    latency = Latency.of(figures.latencies.get(name, ()))
    failed = figures.errors[name].total() if name in figures.errors else 0
    figures_ms = {key: round(value, 3) for key, value in asdict(latency).items()} if latency else {"count": 0}
    return {**figures_ms, "failed": failed}


def _limit(lag: float, client: ClientSide) -> str | None:
    if client.cpu > CPU_LIMIT * client.elapsed:
        return f"it used {client.cpu / client.elapsed:.0%} of a core"
    if lag > LAG_LIMIT_SECONDS:
        late = f"it sent 1% of the requests more than {lag * 1000:.0f} ms late"
        idle = client.cpu < client.elapsed / 2
        return f"{late} although it was mostly idle; other programs keep this machine busy" if idle else late
    return None
