"""Counts of what an evaluation needs of access logs, in memory that does not grow with their length."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Generic, TypeVar

from ..histogram import UNKNOWN_BUCKET, bucket_of
from .items import Item, ItemBudget, ItemSample
from .kinds import MALFORMED, kind_of_agent, kind_of_request
from .log_format import LogFormat, Request
from .routes import Routes, without_ids

K = TypeVar("K")
T = TypeVar("T")

REMEMBERED = 1 << 17
"""Different texts of one field that are parsed only once, before all are forgotten."""

READS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = READS | {"POST", "PUT", "PATCH", "DELETE"}
"""Methods that count. A client can invent any number of others, and each would be a route."""


class Route:
    """Requests of one method for one path: durations in ms, sizes in bytes, items, and server errors."""

    __slots__ = ("durations", "errors", "items", "method", "path", "sizes")

    def __init__(self, method: str, path: str, items: ItemSample) -> None:
        self.method, self.path, self.items = method, path, items
        # A Counter counts one by one in Python code.
        self.durations: defaultdict[int, int] = defaultdict(int)
        self.sizes: defaultdict[int, int] = defaultdict(int)
        self.errors = 0

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
        for counts, more in ((self.durations, other.durations), (self.sizes, other.sizes)):
            for bucket, count in more.items():
                counts[bucket] += count
        self.errors += other.errors
        self.items = self.items.joined(other.items)


class Minute:
    """Requests in each second of a minute, and the errors of the server in it."""

    __slots__ = ("errors", "seconds")

    def __init__(self) -> None:
        self.seconds = array("L", [0]) * 60
        self.errors = 0


_Target = tuple[str | None, Route, Item]
"""What is known of a request from its method and path: why it is left out, or where it counts.

A named tuple takes several times as long to unpack, and that happens for each line.
"""


class _Memory(dict[K, T], Generic[K, T]):
    """Results of a function by its argument; all are forgotten when there are too many."""

    def __init__(self, function: Callable[[K], T]) -> None:
        self._function = function

    def __missing__(self, argument: K) -> T:
        if len(self) >= REMEMBERED:
            self.clear()
        result = self[argument] = self._function(argument)
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
        # Of a method and a path without ids; there are far fewer of these than paths.
        self._places = _Memory(self._place)
        self._targets = _Memory(self._target)
        self._agents = _Memory(kind_of_agent)
        self._sizes = _Memory(partial(_bucket, float))
        self._durations = _Memory(_duration_buckets)

    def add(self, requests: Iterable[Request], log_format: LogFormat) -> int:
        """Count some requests, and return how many there were."""
        # Each line of the log passes here: what can be done once for a text is in a memory.
        targets, agents, left_out = self._targets, self._agents, self.left_out
        sizes, durations = self._sizes, self._durations[log_format.milliseconds]
        times: defaultdict[bytes, int] = defaultdict(int)
        errors: defaultdict[bytes, int] = defaultdict(int)
        seen = 0
        for time, request, status, size, agent, duration in requests:
            seen += 1
            why, route, item = targets[request]
            why = why or agents[agent]
            if why:
                left_out[why] += 1
                continue
            times[time] += 1
            route.durations[durations[duration]] += 1
            route.sizes[sizes[size]] += 1
            if b"2" <= status < b"4":
                item.views += 1
            elif status >= b"5":
                route.errors += 1
                errors[time] += 1
        for time, count in times.items():
            self._add_time(time, count, errors[time], log_format)
        return seen

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
        place = self._places[method, without_ids(path)]
        why, route, _ = place
        # Only what a GET answers has a popularity.
        if why or method != "GET":
            return place
        return None, route, self._budget.item(path, route.items)

    def _place(self, method_and_path: tuple[str, str]) -> _Target:
        """Return what all requests for a path without ids have in common."""
        method, path = method_and_path
        why = kind_of_request(path.encode()) if path and method in METHODS else MALFORMED
        return why, _NOWHERE if why else self._route(method, path), _NOTHING

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


def _duration_buckets(milliseconds: Callable[[bytes], float]) -> _Memory[bytes, int]:
    """Return the bucket of each duration; logs have different units."""
    return _Memory(partial(_bucket, milliseconds))


def _bucket(number: Callable[[bytes], float], text: bytes) -> int:
    try:
        return bucket_of(number(text))
    except (ValueError, OverflowError):
        return UNKNOWN_BUCKET
