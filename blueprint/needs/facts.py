"""Facts that follow from several inputs; terms and gates read them beside the inputs."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple


class DerivedFact(NamedTuple):
    """A fact with its unit, computed from the values of some inputs."""

    inputs: tuple[str, ...]
    unit: str
    of: Callable[..., Any]


def waiting_people(engineers: float, teams: float, waiting_percent: float) -> float:
    """Return the number of people whose change waits for another team; nobody waits in a single team."""
    return engineers * waiting_percent / 100 if teams > 1 else 0.0


def uneven_rps(peak_rps: float, scale_skew: float) -> float:
    """Return the peak traffic in req/s that a busy module has above a quiet one."""
    return peak_rps * (1 - 1 / scale_skew)


def burst(peak_rps: float, mean_rps: float) -> float:
    """Return the ratio of peak to mean traffic."""
    return max(1.0, peak_rps / mean_rps)


def independent_deploy(waiting_percent: float) -> str:
    """Return how much teams need independent releases: the former input, for terms of template authors."""
    return "none" if waiting_percent < 5 else "useful" if waiting_percent < 30 else "required"


DERIVED_FACTS: Mapping[str, DerivedFact] = {
    "burst": DerivedFact(("peak_rps", "mean_rps"), "times", burst),
    "independent_deploy": DerivedFact(("waiting_percent",), "", independent_deploy),
    "uneven_rps": DerivedFact(("peak_rps", "scale_skew"), "req/s", uneven_rps),
    "waiting_people": DerivedFact(("engineers", "teams", "waiting_percent"), "people", waiting_people),
}


def derived(values: Mapping[str, Any], names: Collection[str] = tuple(DERIVED_FACTS)) -> dict[str, Any]:
    """Return the derived facts of these names for the values of the inputs."""
    return {name: DERIVED_FACTS[name].of(*[values[n] for n in DERIVED_FACTS[name].inputs]) for name in names}


def base_inputs(name: str) -> tuple[str, ...]:
    """Return the inputs that a fact follows from: those of a derived fact, or the input itself."""
    return DERIVED_FACTS[name].inputs if name in DERIVED_FACTS else (name,)
