"""Time series, as all sources of metrics give them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple


class Series(NamedTuple):
    """Values of one metric with its labels; times in seconds since 1970, in order."""

    name: str
    labels: Mapping[str, str]
    points: Sequence[tuple[float, float]]

    @property
    def last(self) -> float:
        """The newest value."""
        return self.points[-1][1]

    def rates(self) -> list[float]:
        """Return the increase per second between the points; a counter that starts again at 0 is no fall."""
        return [
            (new - old if new >= old else new) / (later - earlier)
            for (earlier, old), (later, new) in pairwise(self.points)
            if later > earlier
        ]


def series_of_results(rows: Sequence[Mapping[str, Any]]) -> list[Series]:
    """Return the series in the `result` of an answer of the HTTP API: a vector or a matrix."""
    found = []
    for row in rows:
        labels = {str(name): str(value) for name, value in row.get("metric", {}).items()}
        values = row.get("values") or [row.get("value")]
        points = [
            (float(time), float(value)) for time, value in values if value not in ("NaN", "+Inf", "-Inf")
        ]
        if points:
            found.append(Series(labels.pop("__name__", ""), labels, points))
    return found
