"""Measurement of the service demands: each kind of request alone, quiet for latency and busy for CPU time."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from random import Random
from typing import Any

from ..identity import METADATA
from ..load.arrivals import constant
from ..load.figures import Figures, Latency
from ..load.prepare import PLENTY, prepare
from ..load.run import Runner
from ..load.workload import Workload
from . import processes
from .processes import Groups

PRODUCTS, USERS, CONNECTIONS = 100, 32, 64
ROUNDS = 3
"""Other programs disturb some rounds; the one with the lowest p95 is the most like a quiet machine."""
WARM_UP_SECONDS = 2.0
MOST_FAILED = 0.01
STATEMENTS = "statements"
SETTLE_SECONDS = 2.0
"""How long the events of an order may be under way after its end."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Kind of request, and the rate per second of the first measurement of its CPU time."""

    operation: str
    first: float


KINDS: Mapping[str, Kind] = {
    "browse": Kind("browse", 25),
    "search": Kind("list", 25),
    "cart": Kind("cart", 20),
    "order": Kind("order", 6),
    "read": Kind("read", 20),
    "login": Kind("login", 2),
}
QUIET, BUSY = 0.15, 0.3
"""Share of the cores, and at most of the busiest process, that a quiet and a busy shop take.

A process without any request goes to sleep, and wakes up late. Then each request takes longer, and up to
twice the CPU time of one in a busy process. Servers are sized to be busy.
"""
FASTEST = 500.0
"""Requests per second that the load generator, one process, sends on time."""


class FailedRequests(Exception):
    """The shop refused or did not answer too many requests, so the figures would be wrong."""


class Bench:
    """Measures the shop at `base_url`; `admin` is `email:password`, `seconds` the length of one run.

    `statements` returns how many statements the databases have executed, if that is known.
    """

    def __init__(
        self,
        base_url: str,
        admin: str,
        groups: Groups,
        seconds: float,
        statements: Callable[[], float] | None = None,
    ) -> None:
        self._base_url = base_url
        self._groups = groups
        self._seconds = seconds
        self._statements = statements
        self._skus, self._shoppers = prepare(base_url, admin, PRODUCTS, USERS, PLENTY, None)

    def demands(self) -> dict[str, Any]:
        """Return the demands: CPU in ms per request or per idle second, latency in ms, memory in MiB."""
        kinds = self.warm_up()
        at_rest = self._at_rest()
        memory = processes.memory_mib(self._groups)
        latency: dict[str, Any] = {}
        cost = {}
        for name, kind in kinds.items():
            first = self._cost(kind, kind.first, WARM_UP_SECONDS, at_rest)
            latency |= self._latency(name, kind, max(kind.first, self._rate(first, QUIET)))
            cost[name] = self._cost(kind, max(kind.first, self._rate(first, BUSY)), self._seconds, at_rest)
        busy = processes.memory_mib(self._groups)
        return {
            "rest_cpu_ms": self._cpu(at_rest),
            "memory_mib": {
                name: {"rest": round(memory[name]), "load": round(busy[name])} for name in self._groups
            },
            "cpu_ms": {name: self._cpu(each) for name, each in cost.items()},
            "unloaded_ms": latency,
            **({"statements": _column(cost, STATEMENTS)} if self._statements else {}),
        }

    def warm_up(self) -> Mapping[str, Kind]:
        """Send some requests of each kind that the shop has; return these kinds."""
        kinds = {name: kind for name, kind in KINDS.items() if name != "login" or self._has_accounts()}
        for kind in kinds.values():
            self.run({kind.operation: 1}, kind.first, WARM_UP_SECONDS)
        time.sleep(SETTLE_SECONDS)
        return kinds

    def run(self, mix: Mapping[str, float], rate: float, seconds: float) -> Figures:
        """Send a mix of requests at a constant rate, wait until its orders end, and return the figures.

        Raises FailedRequests.
        """
        workload = Workload(mix, self._skus, self._shoppers, Random(1))
        runner = Runner(self._base_url, CONNECTIONS, workload, retry_idempotent=False, follow_orders=True)
        for shopper in self._shoppers:
            shopper.authorization()
        asyncio.run(_send(runner, rate, seconds))
        if runner.figures.failures > MOST_FAILED * runner.figures.scheduled:
            raise FailedRequests(f"{mix} at {rate:g}/s: {dict(runner.figures.errors)}")
        return runner.figures

    def _latency(self, name: str, kind: Kind, rate: float) -> dict[str, dict[str, float]]:
        """Return the percentiles in ms of the answer, and of the end of an order, in the calmest round."""
        rounds = [_latencies(name, self.run({kind.operation: 1}, rate, self._seconds)) for _ in range(ROUNDS)]
        return {key: min((each[key] for each in rounds), key=itemgetter("p95")) for key in rounds[0]}

    def _at_rest(self) -> dict[str, float]:
        """Return what an idle shop uses each second."""
        before, start = self._usage(), time.monotonic()
        time.sleep(self._seconds)
        return _difference(before, self._usage(), time.monotonic() - start)

    def _rate(self, cost: Mapping[str, float], share: float) -> float:
        """Return the requests per second, each at this cost, for a share of the cores and processes."""
        core_ms = sum(cost[name] for name in self._groups) / (os.cpu_count() or 1)
        process_ms = max(cost[name] / len(pids) for name, pids in self._groups.items())
        return min(share * 1000 / (max(core_ms, process_ms) or 1.0), FASTEST)

    def _cost(
        self, kind: Kind, rate: float, seconds: float, at_rest: Mapping[str, float]
    ) -> dict[str, float]:
        """Return what one request uses at this rate, without the work of an idle shop."""
        before, start = self._usage(), time.monotonic()
        requests = self.run({kind.operation: 1}, rate, seconds).scheduled
        time.sleep(SETTLE_SECONDS)
        idle = (time.monotonic() - start) / requests
        used = _difference(before, self._usage(), requests)
        return {name: max(0.0, each - idle * at_rest[name]) for name, each in used.items()}

    def _usage(self) -> dict[str, float]:
        """Return the CPU time in ms of each process group so far, and the statements."""
        counted = {STATEMENTS: self._statements()} if self._statements else {}
        return processes.cpu_ms(self._groups) | counted

    def _cpu(self, usage: Mapping[str, float]) -> dict[str, float]:
        return {name: round(usage[name], 3) for name in self._groups}

    def _has_accounts(self) -> bool:
        """Whether the shop logs its users in itself, not an identity provider."""
        return bool(self._shoppers[0].user.http.get(METADATA).status_code != 200)


async def _send(runner: Runner, rate: float, seconds: float) -> None:
    await runner.open_loop(constant(rate, seconds))
    runner.pool.close()


def _latencies(name: str, figures: Figures) -> dict[str, dict[str, float]]:
    """Return the percentiles in ms of the answer, and of the end of an order."""
    found = {}
    for operation, seconds in figures.latencies.items():
        latency = Latency.of(seconds)
        assert latency is not None
        key = "order_end" if operation == "order_end" else name
        found[key] = {
            "mean": round(latency.mean, 2),
            "p50": round(latency.p50, 2),
            "p95": round(latency.p95, 2),
            "p99": round(latency.p99, 2),
        }
    return found


def _difference(before: Mapping[str, float], after: Mapping[str, float], parts: float) -> dict[str, float]:
    """Return what was used between two moments, divided by a number of seconds or requests."""
    return {name: (after[name] - each) / parts for name, each in before.items()}


def _column(rows: Mapping[str, Mapping[str, float]], key: str) -> dict[str, float]:
    return {name: round(row[key], 1) for name, row in rows.items()}
