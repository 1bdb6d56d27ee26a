"""Sensitivity: label by traffic and team size, cost by traffic, p95 by load."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from blueprint.advise.capacity import pace_of, plan_for, profile_of
from blueprint.advise.capacity_plan import Demand, Shape
from blueprint.advise.decide import Model
from blueprint.advise.hosting.choice import choose_host
from blueprint.advise.latency import flow_latency
from blueprint.advise.prices import CLOUDS
from blueprint.advise.what_if import what_if
from blueprint.needs.inputs import inputs
from blueprint.needs.model import Needs

TRAFFIC_STEPS, TEAM_STEPS = 49, 33
REACH = 100.0
COST_POINTS = 41
COST_REACH = 10.0
LOAD_POINTS = 81
LOAD_REACH = 2.0


class DecisionMap(NamedTuple):
    """Labels by row (engineers, ascending) and column (peak req/s, ascending).

    Events and mean traffic keep their ratio to the peak, teams their ratio to the engineers.
    """

    peaks: Sequence[float]
    engineers: Sequence[int]
    labels: Sequence[Sequence[str]]


class Curve(NamedTuple):
    """A named curve; `y` is infinite where the load exceeds the capacity."""

    name: str
    x: Sequence[float]
    y: Sequence[float]


def decision_map(needs: Needs, model: Model) -> DecisionMap:
    """Return the label by traffic and team size, up to a factor of 100 in both directions."""
    peaks = _spread(needs.peak_rps, TRAFFIC_STEPS, *_range("peak_rps"))
    engineers = sorted({round(n) for n in _spread(needs.engineers, TEAM_STEPS, *_range("engineers"))})
    label = what_if(needs, model, ["mean_rps", "peak_rps", "events_per_s", "engineers", "teams"])
    events = needs.events_per_s / needs.peak_rps
    most_events = _range("events_per_s")[1]
    rows = [
        [label(p / needs.burst, p, min(most_events, p * events), n, _teams(needs, n)) for p in peaks]
        for n in engineers
    ]
    return DecisionMap(peaks, engineers, rows)


def _teams(needs: Needs, engineers: int) -> int:
    return max(1, round(engineers * needs.teams / needs.engineers))


def _range(name: str) -> tuple[float, float]:
    spec = inputs()[name]
    return spec.minimum or 0.0, spec.maximum or math.inf


def _spread(center: float, steps: int, low: float, high: float) -> list[float]:
    """Return values around `center`, evenly spaced on a logarithmic scale."""
    start = max(low, center / REACH)
    end = min(high, max(center * REACH, start * REACH))
    return [start * (end / start) ** (step / (steps - 1)) for step in range(steps)]


def cost_curves(needs: Needs, model: Model, shape: Shape) -> Sequence[Curve]:
    """Return the base cost of a shape in USD a month by peak traffic, on the host that fits each load."""
    exponents = [step / (COST_POINTS - 1) * 2 - 1 for step in range(COST_POINTS)]
    demand = Demand.of(needs)
    demands = [_scaled(demand, COST_REACH**exponent) for exponent in exponents]

    def usd(scaled: Demand, cloud: str) -> float:
        hosted = choose_host(shape, needs.change({"cloud": cloud}), scaled, model.prices).hosted
        return hosted.bill(scaled, model.prices, cloud).total

    peaks = [scaled.peak_rps for scaled in demands]
    return [Curve(cloud, peaks, [usd(scaled, cloud) for scaled in demands]) for cloud in CLOUDS]


def _scaled(demand: Demand, factor: float) -> Demand:
    return demand._replace(
        mean_rps=demand.mean_rps * factor,
        peak_rps=demand.peak_rps * factor,
        events_per_s=demand.events_per_s * factor,
    )


def latency_curves(needs: Needs, model: Model) -> Mapping[str, Curve]:
    """Return the p95 of each pattern up to twice the peak, with the replicas for the peak."""
    demand = Demand.of(needs)
    loads = [LOAD_REACH * (step + 1) / LOAD_POINTS for step in range(LOAD_POINTS)]
    curves = {}
    for candidate in model.candidates:
        shape, profile = candidate.shape, profile_of(candidate.shape)
        services = plan_for(shape, demand).services
        p95 = [
            flow_latency(
                profile,
                shape,
                demand,
                [s.cores_peak * load / s.copies_at_peak for s in services],
                pace_of(demand),
            ).needed_ms
            for load in loads
        ]
        curves[candidate.name] = Curve(candidate.name, [load * needs.peak_rps for load in loads], p95)
    return curves
