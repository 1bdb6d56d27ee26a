"""Queues in closed form: Little, Erlang B and C, Allen-Cunneen. Rates per second, times in seconds."""

import math
from functools import lru_cache

# From this many servers on, at a utilisation of 0.6 or less, Erlang C is below 1e-15: nobody waits.
CERTAIN_SERVERS = 300
CERTAIN_UTILISATION = 0.6


def in_flight(rate: float, time: float) -> float:
    """Little's law, L = lambda * W: how many requests are in the system at once (Little, 1961)."""
    return rate * time


@lru_cache(maxsize=4096)
def erlang_b(servers: int, load: float) -> float:
    """Share of arrivals that find all servers busy and leave; `load` in Erlangs (Erlang, 1917)."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Share of arrivals that must wait in an M/M/c queue; 1 when the load is not below the servers."""
    if load >= servers:
        return 1.0
    if servers >= CERTAIN_SERVERS and load <= CERTAIN_UTILISATION * servers:
        return 0.0
    blocked = erlang_b(servers, load)
    return blocked / (1 - load / servers * (1 - blocked))


def mean_wait(servers: int, rate: float, service: float, variation: float = 1.0) -> float:
    """Mean time in the queue; infinite when overloaded.

    `variation` = (ca2 + cs2) / 2 turns M/M/c into G/G/c (Allen and Cunneen, 1978).
    """
    spare = servers / service - rate
    return erlang_c(servers, rate * service) / spare * variation if spare > 0 else math.inf


def wait_quantile(servers: int, rate: float, service: float, share: float, variation: float = 1.0) -> float:
    """Time in the queue that `share` of the arrivals stay below: P(W > t) = C * exp(-(c/S - lambda) * t)."""
    spare = servers / service - rate
    if spare <= 0:
        return math.inf
    waiting = erlang_c(servers, rate * service)
    over = 1 - share
    return math.log(waiting / over) / spare * variation if waiting > over else 0.0


def servers_for(rate: float, service: float, utilisation: float) -> int:
    """The fewest servers that stay at or below the utilisation: ceil(lambda * S / rho)."""
    return max(1, math.ceil(round(in_flight(rate, service) / utilisation, 9)))


def servers_within(
    rate: float, service: float, utilisation: float, wait: float, share: float, variation: float
) -> int:
    """The fewest servers, from `servers_for` up, that keep the `share` quantile of the wait within `wait`."""
    servers = servers_for(rate, service, utilisation)
    while wait > 0 and wait_quantile(servers, rate, service, share, variation) > wait:
        servers += 1
    return servers
