"""Needs and demands of tests: any valid needs, and answers that no new measurement changes."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from blueprint.advise.candidates import built_in_candidates
from blueprint.advise.capacity import plan_for
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.decide import Model
from blueprint.advise.profiles import profiles_from
from blueprint.advise.recommend import model_with
from blueprint.needs.answers import complete
from blueprint.needs.inputs import Input, inputs
from blueprint.needs.model import Needs


@cache
def fixed_model(*, measured: bool = True) -> Model:
    """Return the model with the demands of demands.yaml beside this file; `measured` if by the user."""
    model = model_with(measured=profiles_from(Path(__file__).with_name("demands.yaml")))
    return model._replace(candidates=tuple(c._replace(measured=measured) for c in model.candidates))


def p95_of(pattern: str, answers: Mapping[str, object]) -> float:
    """Return the p95 in ms that is estimated for a built-in pattern, whatever the target is."""
    shape = next(candidate.shape for candidate in built_in_candidates() if candidate.name == pattern)
    return plan_for(shape, Demand.of(complete(answers))).p95_ms


def _values(spec: Input) -> st.SearchStrategy[object]:
    if spec.steps():
        return st.sampled_from(spec.steps())
    low, high = spec.minimum or 0.0, spec.maximum or 0.0
    if spec.type == "integer":
        return st.integers(int(low), int(high)) | st.integers(int(low), min(int(high), 200))
    return st.floats(low, high) | st.floats(low, min(high, 1000.0))


@st.composite
def any_needs(draw: st.DrawFn) -> Needs:
    """Return needs from any valid answers, some of them missing."""
    free = {name: spec for name, spec in inputs().items() if name not in ("mean_rps", "peak_rps")}
    answers = {name: draw(st.none() | _values(spec)) for name, spec in free.items()}
    mean = draw(st.floats(0.01, 1e6))
    burst = draw(st.floats(1, 100))
    return complete({**answers, "mean_rps": mean, "peak_rps": mean * burst})
