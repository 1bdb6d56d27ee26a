"""How many different items readers look at, and how unevenly: a sample by hash in constant memory."""

import math
from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

from ..intervals import Z

MAX_ITEMS = 200_000
"""Items of all routes together that are counted one by one; each takes about 250 bytes."""
RANKED = 30
"""Views from which on the rank of an item is not mainly chance."""


class Item:
    """Path of a read with the number of its views."""

    __slots__ = ("path", "views")

    def __init__(self, path: str) -> None:
        self.path = path
        self.views = 0


class ItemSample:
    """Views of each path of a route, or of those whose hash ends in `bits` zeros.

    The hash decides whether a path is in the sample, so the views of those in it are complete (adaptive
    sampling, Flajolet 1990). With n paths in the sample, the relative error of their number is 1.2 / sqrt(n).
    """

    def __init__(self, items: dict[str, Item] | None = None, bits: int = 0) -> None:
        self.items: dict[str, Item] = items or {}
        self.bits = bits

    @property
    def weight(self) -> int:
        """Number of items that each sampled one stands for."""
        return 1 << self.bits

    def views(self) -> list[int]:
        """Return the views of the items in the sample that were seen at all."""
        return [item.views for item in self.items.values() if item.views]

    def has_room_for(self, path: str) -> bool:
        """Return whether the hash of a path is one of the sample."""
        return not self.bits or crc32(path.encode()) & (self.weight - 1) == 0

    def halve(self) -> int:
        """Keep half of the items, and return how many were dropped."""
        size = len(self.items)
        self.bits += 1
        self.items = {path: item for path, item in self.items.items() if self.has_room_for(path)}
        return size - len(self.items)

    def joined(self, other: "ItemSample") -> "ItemSample":
        """Return the sample of two routes that have turned out to be the same."""
        both = ItemSample({**self.items, **other.items}, max(self.bits, other.bits))
        both.items = {path: item for path, item in both.items.items() if both.has_room_for(path)}
        return both


class ItemBudget:
    """Bounds the items in the samples of all routes: the largest sample is halved when there are too many."""

    def __init__(self, limit: int = MAX_ITEMS) -> None:
        self._limit, self._used = limit, 0
        self._samples: list[ItemSample] = []
        self._rest = Item("")

    def sample(self) -> ItemSample:
        """Return a new sample."""
        self._samples.append(ItemSample())
        return self._samples[-1]

    def item(self, path: str, sample: ItemSample) -> Item:
        """Return where the views of a path are counted."""
        known = sample.items.get(path)
        if known is not None:
            return known
        if not sample.has_room_for(path):
            return self._rest
        item = sample.items[path] = Item(path)
        self._used += 1
        while self._used > self._limit:
            self._used -= max(self._samples, key=lambda each: len(each.items)).halve()
        return item


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
    views = sorted(views, reverse=True)
    once, twice = views.count(1), views.count(2)
    unseen = once * (once - 1) / (2 * (twice + 1))
    frequent = [count for count in views if count >= RANKED]
    exponent, error = None, 0.0
    if len(frequent) >= RANKED:
        exponent, error = _by_ranks(frequent) if weight == 1 else _by_views(frequent)
    return Popularity(len(views) * weight, round((len(views) + unseen) * weight), exponent, error)


def _by_ranks(views: Sequence[int]) -> tuple[float, float]:
    """Return the most likely exponent for the views of the first ranks, and its half interval.

    Only ranks that chance does not decide count: the tail of a ranking by observed views is too steep.
    """
    total = sum(views)
    logs = [math.log(rank) for rank in range(1, len(views) + 1)]
    observed = sum(count * log for count, log in zip(views, logs, strict=True)) / total
    low, high = 0.0, 4.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _mean_log(logs, middle) > observed else (low, middle)
    mean = _mean_log(logs, low)
    variance = sum(math.exp(-low * log) * (log - mean) ** 2 for log in logs) / _weight(logs, low)
    return low, Z / math.sqrt(total * variance)


def _by_views(views: Sequence[int]) -> tuple[float, float]:
    """Return the exponent for a sample, in which ranks are not known, and its half interval (Hill 1975).

    Only the more popular half counts, since chance decides on the fewest views.
    """
    half = len(views) // 2
    exponent = sum(math.log(count / views[half]) for count in views[:half]) / half
    return exponent, Z * exponent / math.sqrt(half)


def _mean_log(logs: Sequence[float], exponent: float) -> float:
    return sum(math.exp(-exponent * log) * log for log in logs) / _weight(logs, exponent)


def _weight(logs: Sequence[float], exponent: float) -> float:
    return sum(math.exp(-exponent * log) for log in logs)
