"""Hypothesis strategy for needs."""

from hypothesis import strategies as st

from blueprint.needs.answers import complete
from blueprint.needs.inputs import Input, inputs
from blueprint.needs.model import Needs


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
