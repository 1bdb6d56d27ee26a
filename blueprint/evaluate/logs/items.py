"""How many different items readers look at, and how unevenly: a sample by hash in constant memory."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from zlib import crc32

from ..intervals import Z

MAX_ITEMS = 100_000
RANKED = 30
"""Views from which on the rank of an item is not mainly chance."""


class Item:
    """Path of a read with the number of its views."""

    __slots__ = ("path", "views")

    def __init__(self, path: str) -> None:
        self.path = path
        self.views = 0


class ItemSample:
    """Views of each path, or of every second, fourth, eighth... path if there are more than MAX_ITEMS.

    The hash of a path decides whether it is in the sample, so the views of those in it are complete
    (adaptive sampling, Flajolet 1990). The relative error of the number of items is 1.2 / sqrt(MAX_ITEMS).
    """

    def __init__(self, limit: int = MAX_ITEMS) -> None:
        self._limit = limit
        self._items: dict[str, Item] = {}
        self._bits = 0
        self._rest = Item("")

    def item(self, path: str) -> Item:
        """Return where the views of a path are counted."""
        known = self._items.get(path)
        if known is not None:
            return known
        if not self._is_sampled(path):
            return self._rest
        item = self._items[path] = Item(path)
        while len(self._items) > self._limit:
            self._bits += 1
            self._items = {path: item for path, item in self._items.items() if self._is_sampled(path)}
        return item

    def items(self) -> Iterable[Item]:
        """Return the sampled items."""
        return self._items.values()

    @property
    def weight(self) -> int:
        """Number of items that each sampled one stands for."""
        return 1 << self._bits

    def _is_sampled(self, path: str) -> bool:
        return crc32(path.encode()) & (self.weight - 1) == 0


class Popularity(NamedTuple):
    """Number of items, of which `seen` were looked at, and the exponent of Zipf's law with its error."""

    seen: int
    items: int
    exponent: float | None
    error: float


def popularity(views: Sequence[int], weight: int) -> Popularity:
    """Return the popularity of items from the views of a sample in which each stands for `weight` items.

    Items that nobody looked at are estimated from those with one and with two views (Chao 1984).
    """
    views = sorted((count for count in views if count), reverse=True)
    once, twice = views.count(1), views.count(2)
    unseen = once * (once - 1) / (2 * (twice + 1))
    exponent, error = _zipf([count for count in views if count >= RANKED], weight)
    return Popularity(len(views) * weight, round((len(views) + unseen) * weight), exponent, error)


def _zipf(views: Sequence[int], weight: int) -> tuple[float | None, float]:
    """Return the most likely exponent for the views of the first ranks, and its half interval.

    Only ranks that chance does not decide count: the tail of a ranking by observed views is too steep.
    """
    total = sum(views)
    if len(views) < RANKED:
        return None, 0.0
    logs = [math.log((rank + 0.5) * weight + 0.5) for rank in range(len(views))]
    observed = sum(count * log for count, log in zip(views, logs, strict=True)) / total
    low, high = 0.0, 4.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _mean_log(logs, middle) > observed else (low, middle)
    mean = _mean_log(logs, low)
    variance = sum(math.exp(-low * log) * (log - mean) ** 2 for log in logs) / _weight(logs, low)
    return low, Z / math.sqrt(total * variance)


def _mean_log(logs: Sequence[float], exponent: float) -> float:
    return sum(math.exp(-exponent * log) * log for log in logs) / _weight(logs, exponent)


def _weight(logs: Sequence[float], exponent: float) -> float:
    return sum(math.exp(-exponent * log) for log in logs)
