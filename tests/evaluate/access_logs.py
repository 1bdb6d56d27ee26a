"""Access logs whose figures are known: generated requests, and how each kind of proxy writes them."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from typing import NamedTuple

START = 1_767_225_600
"""2026-01-01T00:00:00Z."""
ITEMS = 400
EXPONENT = 0.9
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
LEFT_OUT = (
    ("health checks", "GET", "/health", "kube-probe/1.30"),
    ("bots", "GET", "/products/7", BOT),
    ("static files", "GET", "/assets/app.3f1c.css", BROWSER),
)
MIX = (
    ("GET", "/products/{item}", 200, 0.70),
    ("GET", "/search", 200, 0.15),
    ("POST", "/carts/{uuid}/items", 201, 0.08),
    ("POST", "/orders", 201, 0.05),
    ("GET", "/orders/{uuid}", 503, 0.02),
)


class Hit(NamedTuple):
    """One request: second since 1970, size in bytes, duration in ms."""

    second: int
    method: str
    path: str
    status: int
    size: int
    ms: int
    agent: str


def hits(rates: Sequence[int], seed: int = 1, start: int = START) -> Iterator[Hit]:
    """Yield the requests of some minutes, each with its number of requests, evenly over its seconds.

    `start` is the first second. Every tenth request is one that must be left out.
    """
    chance = random.Random(seed)  # noqa: S311 - a test needs no secure randomness
    popularity = list(accumulate(rank**-EXPONENT for rank in range(1, ITEMS + 1)))
    mix = list(accumulate(share for *_, share in MIX))
    for minute, rate in enumerate(rates):
        for number in range(rate):
            second = start + 60 * minute + 60 * number // rate
            if number % 10 == 9:
                _, method, path, agent = LEFT_OUT[number // 10 % 3]
                yield Hit(second, method, path, 200, 100, 1, agent)
                continue
            method, path, status, _ = chance.choices(MIX, cum_weights=mix)[0]
            if "{item}" in path:
                path = path.format(item=chance.choices(range(1, ITEMS + 1), cum_weights=popularity)[0])
            elif "{uuid}" in path:
                path = path.format(uuid=f"{chance.getrandbits(32):08x}-0000-4000-8000-{number:012x}")
            size = int(chance.lognormvariate(7.6, 0.4))
            yield Hit(second, method, path, status, size, max(1, int(chance.lognormvariate(3, 0.8))), BROWSER)


class Truth:
    """Figures of some requests, counted one by one."""

    _LEFT_OUT: Mapping[tuple[str, str, str], str] = {
        (method, path, agent): kind for kind, method, path, agent in LEFT_OUT
    }

    def __init__(self, requests: Iterable[Hit] = ()) -> None:
        self.left_out: Counter[str] = Counter()
        self.errors = 0
        self._methods: Counter[str] = Counter()
        self._seconds: Counter[int] = Counter()
        self._sizes: Counter[int] = Counter()
        self._durations: Counter[int] = Counter()
        for hit in requests:
            self.add(hit)

    def add(self, hit: Hit) -> None:
        """Count a request."""
        kind = self._LEFT_OUT.get((hit.method, hit.path, hit.agent))
        if kind:
            self.left_out[kind] += 1
            return
        self.errors += hit.status >= 500
        self._methods[hit.method] += 1
        self._seconds[hit.second] += 1
        if hit.path.startswith("/products/"):
            self._sizes[hit.size] += 1
            self._durations[hit.ms] += 1

    @property
    def requests(self) -> int:
        """Number of requests that count."""
        return self._methods.total()

    @property
    def mean_rps(self) -> float:
        """Requests in a second."""
        return self.requests / (max(self._seconds) - min(self._seconds) + 1)

    @property
    def peak_rps(self) -> float:
        """Requests in a second of the busiest minute."""
        minutes: Counter[int] = Counter()
        for second, count in self._seconds.items():
            minutes[second // 60] += count
        return max(minutes.values()) / 60

    @property
    def busiest_second(self) -> int:
        """Requests in the busiest second."""
        return max(self._seconds.values())

    @property
    def read_fraction(self) -> float:
        """Share of the requests that only read."""
        return self._methods["GET"] / self.requests

    @property
    def payload_kb(self) -> float:
        """Median size of the views, in KB."""
        return _quantile(self._sizes, 0.5) / 1000

    def percentile(self, share: float) -> int:
        """Return a percentile of the durations of views, in ms."""
        return _quantile(self._durations, share)


def _quantile(counts: Counter[int], share: float) -> int:
    rank, seen = share * (counts.total() - 1), 0
    for value in sorted(counts):
        seen += counts[value]
        if seen > rank:
            return value
    raise ValueError("no values")


def _moment(hit: Hit, form: str) -> str:
    return datetime.fromtimestamp(hit.second, UTC).strftime(form)


def _nginx(hit: Hit) -> str:
    time = _moment(hit, "%d/%b/%Y:%H:%M:%S +0000")
    request = f'"{hit.method} {hit.path}?q=1 HTTP/1.1" {hit.status} {hit.size} "-" "{hit.agent}"'
    return f"203.0.113.9 - - [{time}] {request} {hit.ms / 1000:.3f}"


def _haproxy(hit: Hit) -> str:
    time = _moment(hit, "%d/%b/%Y:%H:%M:%S")
    head = f"<134>Jan  1 00:00:00 edge haproxy[7]: 203.0.113.9:33317 [{time}.655] http-in~ shop/shop1"
    tail = f'- - ---- 1/1/1/1/0 0/0 {{{hit.agent}}} "{hit.method} {hit.path} HTTP/1.1"'
    return f"{head} 0/0/0/{hit.ms}/{hit.ms} {hit.status} {hit.size} {tail}"


def _haproxy_clf(hit: Hit) -> str:
    time = _moment(hit, "%d/%b/%Y:%H:%M:%S +0000")
    request = f'"{hit.method} {hit.path} HTTP/1.1" {hit.status} {hit.size}'
    timers = f'"" "" 33317 655 "http-in" "shop" "shop1" 0 0 0 {hit.ms} {hit.ms}'
    return f'203.0.113.9 - - [{time}] {request} {timers} "----" 1 1 1 1 0 0 0 "" ""'


def _alb(hit: Hit) -> str:
    time = _moment(hit, "%Y-%m-%dT%H:%M:%S.186641Z")
    times = f"0.000 {hit.ms / 1000:.3f} 0.000"
    ends = f"203.0.113.9:2817 10.0.0.1:80 {times} {hit.status} {hit.status} 34 {hit.size}"
    request = f'"{hit.method} https://shop.example:443{hit.path}?q=1 HTTP/2.0" "{hit.agent}"'
    return (
        f'h2 {time} app/shop/50dc {ends} {request} TLS TLSv1.3 arn:aws "Root=1" "shop.example" "-" 0 {time}'
    )


def _cloudfront(hit: Hit) -> str:
    agent = hit.agent.replace(" ", "%20")
    client = (
        f"LAX1\t{hit.size}\t203.0.113.9\t{hit.method}\tshop.example\t{hit.path}\t{hit.status}\t-\t{agent}"
    )
    edge = f"q=1\t-\tMiss\tid=\tshop\thttps\t23\t{hit.ms / 1000:.3f}"
    return f"{_moment(hit, '%Y-%m-%d%t%H:%M:%S')}\t{client}\t{edge}"


def _envoy(hit: Hit) -> str:
    time = _moment(hit, "%Y-%m-%dT%H:%M:%S.409Z")
    request = (
        f'"start_time":"{time}","method":"{hit.method}","path":"{hit.path}?q=1","user_agent":"{hit.agent}"'
    )
    return f'{{{request},"response_code":{hit.status},"bytes_sent":{hit.size},"duration":{hit.ms}}}'


def _shop_nginx(hit: Hit) -> str:
    time = _moment(hit, "%Y-%m-%dT%H:%M:%S+00:00")
    request = f'"time":"{time}","client":"203.0.113.9","method":"{hit.method}","path":"{hit.path}"'
    return f'{{{request},"status":{hit.status},"bytes":{hit.size},"seconds":{hit.ms / 1000:.3f}}}'


def _shop_haproxy(hit: Hit) -> str:
    time = _moment(hit, "%Y-%m-%dT%H:%M:%SZ")
    request = f'"time":"{time}","client":"203.0.113.9","method":"{hit.method}","path":"{hit.path}"'
    return (
        f'{{{request},"status":{hit.status},"bytes":{hit.size},"milliseconds":{hit.ms},"upstream":"shop1"}}'
    )


CLOUDFRONT_HEAD = (
    "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem "
    "sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id "
    "x-host-header cs-protocol cs-bytes time-taken\n"
)
NGINX_FORMAT = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" $request_time'
)
WRITERS: Mapping[str, Callable[[Hit], str]] = {
    "nginx": _nginx,
    "haproxy": _haproxy,
    "haproxy-clf": _haproxy_clf,
    "alb": _alb,
    "cloudfront": _cloudfront,
    "envoy": _envoy,
    "shop-nginx": _shop_nginx,
    "shop-haproxy": _shop_haproxy,
}
WITHOUT_AGENT = ("haproxy", "haproxy-clf", "shop-nginx", "shop-haproxy")
"""Formats that do not log the user agent, so that bots cannot be told apart."""


def log_text(requests: Sequence[Hit], name: str) -> str:
    """Return the log of some requests in a format."""
    head = CLOUDFRONT_HEAD if name == "cloudfront" else ""
    return head + "".join(f"{WRITERS[name](hit)}\n" for hit in requests)
