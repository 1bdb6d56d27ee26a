"""Measurements of a run, and latency statistics."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field


def percentile(ascending: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile: the smallest value that `percent` % of all values do not exceed."""
    return ascending[max(0, math.ceil(len(ascending) * percent / 100) - 1)]


@dataclass(frozen=True, slots=True)
class Latency:
    """Latency statistics in milliseconds, from the scheduled send time to the complete response."""

    count: int
    mean: float
    p50: float
    p95: float
    p99: float
    max: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Latency | None:
        """Return the statistics of durations in seconds; None if there are none."""
        if not seconds:
            return None
        milliseconds = sorted(value * 1000 for value in seconds)
        p50, p95, p99 = (percentile(milliseconds, percent) for percent in (50, 95, 99))
        mean = math.fsum(milliseconds) / len(milliseconds)
        return cls(len(milliseconds), mean, p50, p95, p99, milliseconds[-1])


@dataclass
class Figures:
    """Raw measurements of a run."""

    scheduled: int = 0
    retried: int = 0
    failed_idempotent: int = 0
    latencies: dict[str, array[float]] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    errors: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    lag: array[float] = field(default_factory=lambda: array("d"))

    def answered(self, operation: str, seconds: float) -> None:
        """Record an expected response, `seconds` after the scheduled send time."""
        self.latencies[operation].append(seconds)

    def failed(self, operation: str, kind: str, idempotent: bool) -> None:
        """Record a missing or unexpected response; `idempotent` by its method (RFC 9110, 9.2.2)."""
        self.errors[operation][kind] += 1
        self.failed_idempotent += idempotent

    @property
    def answers(self) -> int:
        """Number of expected responses."""
        return sum(len(each) for each in self.latencies.values())

    @property
    def failures(self) -> int:
        """Number of failed requests."""
        return sum(each.total() for each in self.errors.values())
