"""Counters of a shop without metrics."""

from collections.abc import Sequence
from typing import Self


class Counter:
    """A counter that counts nothing."""

    def labels(self, *values: str) -> Self:
        """Return the counter of these values."""
        return self

    def inc(self) -> None:
        """Do nothing."""


def counter(name: str, help: str, labels: Sequence[str]) -> Counter:
    """Return a counter that counts nothing."""
    return Counter()
