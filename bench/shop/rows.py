"""Reading a row, writing a row, and logging in: the shop and, optionally, the peer."""

from collections.abc import Sequence
from dataclasses import replace

from . import goods
from .figures import Aim, Figure
from .goods import Goods
from .peer import Peer
from .rounds import Contender, Pace, race

GROUP = "One row, no cache"
SIGN_IN = Pace(rounds=3, seconds=4, connections=4)
"""Connections for logins: password hashes are slow by design, so more connections would only wait."""


def measure(shop: Sequence[str], market: Goods, peer: Peer | None, pace: Pace) -> list[Figure]:
    """Return requests per second; a ratio is the shop's rate as a multiple of the peer's."""
    sign_in = replace(SIGN_IN, rounds=pace.rounds)
    kinds = [
        ("read", "read by key", goods.stock(market), pace, Aim(at_least=6)),
        ("write", "write one row", goods.deliveries(market), pace, Aim(at_least=3)),
        ("login", "login", goods.logins(market), sign_in, None),
    ]
    figures = []
    for kind, name, requests, kind_pace, aim in kinds:
        contenders = [Contender(f"{name}: the shop", shop, requests)]
        if peer:
            contenders.append(Contender(f"{name}: {peer.name}", [peer.url], peer.requests[kind]))
        rates = race(contenders, kind_pace)
        ours, *theirs = (Figure(GROUP, name, "req/s", rate.rounds) for name, rate in rates.items())
        figures += [replace(ours, base=each.value, aim=aim) for each in theirs] or [ours]
        figures += theirs
    return figures
