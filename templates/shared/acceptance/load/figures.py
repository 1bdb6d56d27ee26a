"""What was measured, and its summary."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field


def percentile(ascending: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `percent` % of all do not exceed."""
    return ascending[max(0, math.ceil(len(ascending) * percent / 100) - 1)]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the scheduled send time to the complete answer."""

    count: int
    mean: float
    p50: float
    p95: float
    p99: float
    max: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Latency | None:
        """The summary of some durations in seconds; None of none."""
        if not seconds:
            return None
        milliseconds = sorted(value * 1000 for value in seconds)
        p50, p95, p99 = (percentile(milliseconds, percent) for percent in (50, 95, 99))
        mean = math.fsum(milliseconds) / len(milliseconds)
        return cls(len(milliseconds), mean, p50, p95, p99, milliseconds[-1])


@dataclass
class Figures:
    """The raw figures of a run."""

    scheduled: int = 0
    retried: int = 0
    failed_idempotent: int = 0
    latencies: dict[str, array[float]] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    errors: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    lag: array[float] = field(default_factory=lambda: array("d"))

    def answered(self, operation: str, seconds: float) -> None:
        """An expected answer came `seconds` after its scheduled time."""
        self.latencies[operation].append(seconds)

    def failed(self, operation: str, kind: str, idempotent: bool) -> None:
        """No answer, or one that was not expected; `idempotent` by its method (RFC 9110, 9.2.2)."""
        self.errors[operation][kind] += 1
        self.failed_idempotent += idempotent

    @property
    def answers(self) -> int:
        """All expected answers."""
        return sum(len(each) for each in self.latencies.values())

    @property
    def failures(self) -> int:
        """All failed requests."""
        return sum(each.total() for each in self.errors.values())
