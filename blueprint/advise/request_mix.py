"""Mix of requests: which share of the requests is of which measured kind."""

from collections.abc import Mapping
from functools import lru_cache

from blueprint.advise.datafiles import constants
from blueprint.advise.profiles import KINDS, Profile


@lru_cache(maxsize=256)
def request_mix(read_fraction: float, several_modules: float | None = None) -> Mapping[str, float]:
    """Return the share of each kind of request; the shares add up to 1.

    `several_modules` is the share of the writes that touch several modules, if it is known: these cost as
    much as an order, and the others as much as a change of a cart.
    """
    reads, writes = constants("mix")["reads"], write_mix(several_modules)
    return {
        kind: read_fraction * reads.get(kind, 0.0) + (1 - read_fraction) * writes.get(kind, 0.0)
        for kind in KINDS
    }


@lru_cache(maxsize=256)
def write_mix(several_modules: float | None) -> Mapping[str, float]:
    """Return the share of each kind of write."""
    writes: Mapping[str, float] = constants("mix")["writes"]
    if several_modules is None:
        return writes
    flows = writes["cart"] + writes["order"]
    return {**writes, "cart": flows * (1 - several_modules), "order": flows * several_modules}


def cpu_per_request(profile: Profile, part: str, mix: Mapping[str, float]) -> float:
    """Return the CPU time in ms that a process spends for one request at the edge, on average."""
    return sum(share * profile.cpu_of(kind, (part,)) for kind, share in mix.items())


def mean_latency(profile: Profile, mix: Mapping[str, float]) -> float:
    """Return the mean response time in ms of a quiet shop."""
    return sum(share * profile.unloaded_ms.get(kind, {}).get("mean", 0.0) for kind, share in mix.items())
