"""Counters of what the business does, for metrics."""

from collections import Counter as Counts
from collections.abc import Callable
from functools import partial

ALL: list["Counter"] = []


class Counter:
    """Counts events since the process started, by the values of `labels`."""

    def __init__(self, name: str, help: str, *labels: str) -> None:
        """Add the counter to those that `/metrics` exposes, as `<name>_total`."""
        self.name = name
        self.help = help
        self.labels = labels
        self.counts: Counts[tuple[str, ...]] = Counts()
        ALL.append(self)

    def add(self, *values: str) -> None:
        """Count one event."""
        self.counts[values] += 1

    def adding(self, *values: str) -> Callable[[], None]:
        """Return a function that counts one event, to be called after a commit."""
        return partial(self.add, *values)
