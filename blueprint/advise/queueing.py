"""Queueing formulas: Little, Erlang B and C, Allen-Cunneen. Rates are per second, times in seconds."""

import math
from functools import lru_cache

# With at least this many servers at this utilization or less, Erlang C is below 1e-15 and taken as 0.
NO_WAIT_SERVERS = 300
NO_WAIT_UTILIZATION = 0.6


def in_flight(rate: float, time: float) -> float:
    """Return the requests in the system at once, by Little's law (1961): L = lambda * W."""
    return rate * time


@lru_cache(maxsize=4096)
def erlang_b(servers: int, load: float) -> float:
    """Return the share of arrivals that find all servers busy and leave; `load` in Erlangs (Erlang, 1917)."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Return the share of arrivals that wait in an M/M/c queue; 1 if the load reaches the servers."""
    if load >= servers:
        return 1.0
    if servers >= NO_WAIT_SERVERS and load <= NO_WAIT_UTILIZATION * servers:
        return 0.0
    blocked = erlang_b(servers, load)
    return blocked / (1 - load / servers * (1 - blocked))


def mean_wait(servers: int, rate: float, service: float, variation: float = 1.0) -> float:
    """Return the mean time in the queue in seconds; infinite if the servers are overloaded.

    `variation` = (ca2 + cs2) / 2 turns M/M/c into G/G/c (Allen and Cunneen, 1978).
    """
    spare = servers / service - rate
    return erlang_c(servers, rate * service) / spare * variation if spare > 0 else math.inf


def wait_quantile(servers: int, rate: float, service: float, share: float, variation: float = 1.0) -> float:
    """Return the `share` quantile of the time in the queue: P(W > t) = C * exp(-(c/S - lambda) * t)."""
    spare = servers / service - rate
    if spare <= 0:
        return math.inf
    waiting = erlang_c(servers, rate * service)
    tail = 1 - share
    return math.log(waiting / tail) / spare * variation if waiting > tail else 0.0


def servers_for(rate: float, service: float, utilization: float) -> int:
    """Return the fewest servers that stay within the utilization: ceil(lambda * S / rho)."""
    return max(1, math.ceil(round(in_flight(rate, service) / utilization, 9)))


def servers_within(
    rate: float, service: float, utilization: float, wait: float, share: float, variation: float
) -> int:
    """Return the fewest servers within the utilization with a `share` quantile of the wait up to `wait`."""
    servers = servers_for(rate, service, utilization)
    while wait > 0 and wait_quantile(servers, rate, service, share, variation) > wait:
        servers += 1
    return servers
