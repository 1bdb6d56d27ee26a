"""Counts of what an evaluation needs of access logs, in memory that does not grow with their length."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from ..histogram import UNKNOWN_BUCKET, bucket_of
from .items import Item, ItemBudget, ItemSample
from .kinds import MALFORMED, kind_of_agent, kind_of_request
from .log_format import LogFormat, Request
from .routes import Routes, without_ids

T = TypeVar("T")

REMEMBERED = 1 << 17
"""Different texts of one field that are parsed only once, before all are forgotten."""

MANY_TEXTS = 4_096
"""Different durations or sizes of a route from which on they are put into buckets."""

READS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = READS | {"POST", "PUT", "PATCH", "DELETE"}
"""Methods that count. A client can invent any number of others, and each would be a route."""


class Route:
    """Requests of one method for one path: durations, sizes, items, and errors of the server.

    `duration_texts` and `size_texts` count what the log says; `fold` moves them to buckets of ms and bytes.
    """

    __slots__ = ("duration_texts", "durations", "errors", "items", "method", "path", "size_texts", "sizes")

    def __init__(self, method: str, path: str, items: ItemSample) -> None:
        self.method, self.path, self.items = method, path, items
        self.duration_texts: defaultdict[bytes, int] = defaultdict(int)
        self.size_texts: defaultdict[bytes, int] = defaultdict(int)
        self.durations: Counter[int] = Counter()
        self.sizes: Counter[int] = Counter()
        self.errors = 0

    def fold(
        self, duration_buckets: Mapping[bytes, int], size_buckets: Mapping[bytes, int], more_than: int
    ) -> None:
        """Move texts of which there are `more_than` that many to the buckets that are given for each text."""
        for texts, counts, buckets in (
            (self.duration_texts, self.durations, duration_buckets),
            (self.size_texts, self.sizes, size_buckets),
        ):
            if len(texts) > more_than:
                for text, count in texts.items():
                    counts[buckets[text]] += count
                texts.clear()

    @property
    def requests(self) -> int:
        """Number of requests."""
        return sum(self.sizes.values())

    @property
    def is_read(self) -> bool:
        """Whether the method only reads."""
        return self.method in READS

    def add(self, other: "Route") -> None:
        """Add the requests of a route that has turned out to be the same."""
        self.durations += other.durations
        self.sizes += other.sizes
        self.errors += other.errors
        self.items = self.items.joined(other.items)


class Minute:
    """Requests in each second of a minute, and the errors of the server in it."""

    __slots__ = ("errors", "seconds")

    def __init__(self) -> None:
        self.seconds = array("L", [0]) * 60
        self.errors = 0


class _Place(NamedTuple):
    """Where the requests for a path count, or why they are left out."""

    left_out: str | None
    route: Route


_Target = tuple[str | None, Route, Item]
"""What is known of a request from its method and path: why it is left out, or where it counts.

A named tuple takes several times as long to unpack, and that happens for each line.
"""


class _Memory(dict[bytes, T], Generic[T]):
    """Results of a function by its argument; all are forgotten when there are too many."""

    def __init__(self, function: Callable[[bytes], T]) -> None:
        self._function = function

    def __missing__(self, text: bytes) -> T:
        if len(self) >= REMEMBERED:
            self.clear()
        result = self[text] = self._function(text)
        return result


class Traffic:
    """Requests of some logs by second, route and item. No address and no query is kept."""

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self.broken = 0
        self.minutes: dict[int, Minute] = {}
        self._budget = ItemBudget()
        self._names = Routes()
        self._routes: dict[tuple[str, str], Route] = {}
        self._places: dict[tuple[str, str], _Place] = {}
        self._targets = _Memory(self._target)
        self._agents = _Memory(kind_of_agent)
        self._sizes = _Memory(partial(_bucket, float))
        self._durations: dict[Callable[[bytes], float], _Memory[int]] = {}

    def add(self, requests: Iterable[Request], log_format: LogFormat) -> int:
        """Count some requests, and return how many there were."""
        # Each line of the log passes here: what can be done once for a text is in a memory.
        targets, agents, left_out = self._targets, self._agents, self.left_out
        times: defaultdict[bytes, int] = defaultdict(int)
        errors: defaultdict[bytes, int] = defaultdict(int)
        seen = 0
        for time, request, status, size, duration, agent in requests:
            seen += 1
            why, route, item = targets[request]
            why = why or agents[agent]
            if why:
                left_out[why] += 1
                continue
            times[time] += 1
            route.duration_texts[duration] += 1
            route.size_texts[size] += 1
            if b"2" <= status < b"4":
                item.views += 1
            elif status >= b"5":
                route.errors += 1
                errors[time] += 1
        for time, count in times.items():
            self._add_time(time, count, errors[time], log_format)
        self.fold(log_format, MANY_TEXTS)
        return seen

    def fold(self, log_format: LogFormat, more_than: int = 0) -> None:
        """Move the texts of all routes to buckets; do so after each log, since units differ."""
        read = log_format.milliseconds
        durations = self._durations.setdefault(read, _Memory(partial(_bucket, read)))
        for route in self._routes.values():
            route.fold(durations, self._sizes, more_than)

    def routes(self) -> list[Route]:
        """Return the routes, the busiest first. Ask after the last log: more paths can join routes."""
        joined: dict[tuple[str, str], Route] = {}
        for route in self._routes.values():
            key = route.method, self._names.route(route.path)
            if key not in joined:
                joined[key] = Route(*key, ItemSample())
            joined[key].add(route)
        return sorted(joined.values(), key=lambda route: (-route.requests, route.path, route.method))

    def _target(self, request: bytes) -> _Target:
        method, _, target = request.decode("utf-8", "replace").partition(" ")
        path = _path(target)
        place = self._place(method, without_ids(path))
        # Only what a GET answers has a popularity.
        item = (
            self._budget.item(path, place.route.items) if method == "GET" and not place.left_out else _NOTHING
        )
        return place.left_out, place.route, item

    def _place(self, method: str, path: str) -> _Place:
        """Return what is known of a path without ids; there are far fewer of these than paths."""
        known = self._places.get((method, path))
        if known is not None:
            return known
        why = kind_of_request(path.encode()) if path and method in METHODS else MALFORMED
        if len(self._places) >= REMEMBERED:
            self._places.clear()
        place = self._places[method, path] = _Place(why, _NOWHERE if why else self._route(method, path))
        return place

    def _route(self, method: str, path: str) -> Route:
        key = method, self._names.route(path)
        if key not in self._routes:
            self._routes[key] = Route(*key, self._budget.sample())
        return self._routes[key]

    def _add_time(self, time: bytes, count: int, errors: int, log_format: LogFormat) -> None:
        try:
            number, second = divmod(log_format.second(time), 60)
        except (ValueError, OverflowError):
            self.broken += count
            return
        minute = self.minutes.get(number)
        if minute is None:
            minute = self.minutes[number] = Minute()
        minute.seconds[second] += count
        minute.errors += errors


_NOWHERE = Route("", "", ItemSample())
_NOTHING = Item("")


def _path(target: str) -> str:
    """Return the path in a target, which load balancers write as an address; "" if it has no path."""
    if target.startswith("/"):
        return target
    _, scheme, rest = target.partition("://")
    host, slash, path = rest.partition("/")
    return slash + path if slash else "/" if scheme and host else ""


def _bucket(number: Callable[[bytes], float], text: bytes) -> int:
    try:
        return bucket_of(number(text))
    except (ValueError, OverflowError):
        return UNKNOWN_BUCKET
