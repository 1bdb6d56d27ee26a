"""Mix of requests: which share of the requests is of which measured kind."""

from collections.abc import Mapping
from functools import lru_cache

from blueprint.advise.datafiles import constants
from blueprint.advise.profiles import KINDS, Profile


@lru_cache(maxsize=256)
def request_mix(read_fraction: float) -> Mapping[str, float]:
    """Return the share of each kind of request; the shares add up to 1."""
    mix = constants("mix")
    reads, writes = mix["reads"], mix["writes"]
    return {
        kind: read_fraction * reads.get(kind, 0.0) + (1 - read_fraction) * writes.get(kind, 0.0)
        for kind in KINDS
    }


def cpu_per_request(profile: Profile, part: str, mix: Mapping[str, float]) -> float:
    """Return the CPU time in ms that a process spends for one request at the edge, on average."""
    return sum(share * profile.cpu_of(kind, (part,)) for kind, share in mix.items())


def mean_latency(profile: Profile, mix: Mapping[str, float]) -> float:
    """Return the mean response time in ms of a quiet shop."""
    return sum(share * profile.unloaded_ms.get(kind, {}).get("mean", 0.0) for kind, share in mix.items())
