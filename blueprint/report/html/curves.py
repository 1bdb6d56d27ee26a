"""Plots of cost over traffic and of p95 over load."""

import math
from collections.abc import Sequence

from blueprint.advise.formatting import number_text
from blueprint.advise.result import Recommendation
from blueprint.advise.sensitivity import Curve
from blueprint.report.html.palette import series
from blueprint.report.html.plot import Frame, legend, spread_labels
from blueprint.report.html.scales import Scale
from blueprint.report.html.svg import figure, line, path, text

WIDTH, HEIGHT = 520.0, 380.0
LEFT, RIGHT, TOP, BOTTOM = 62.0, 70.0, 76.0, 58.0
LABEL_GAP = 16.0


def cost_plot(r: Recommendation, curves: Sequence[Curve]) -> str:
    """Plot the monthly cost over the peak traffic on each cloud; both axes are logarithmic."""
    low = min(min(c.y) for c in curves)
    high = max(max(c.y) for c in curves)
    frame = Frame(
        Scale(curves[0].x[0], curves[0].x[-1], LEFT, WIDTH - RIGHT, logarithmic=True),
        Scale(low * 0.8, high * 1.2, HEIGHT - BOTTOM, TOP, logarithmic=True),
        "peak traffic, req/s",
        "USD a month",
    )
    parts = [legend(LEFT - 46, 14, [(c.name, series(c.name)) for c in curves]), frame.axes()]
    parts += [frame.mark_current(r.needs.peak_rps, f"peak: {number_text(r.needs.peak_rps)}")]
    for curve in curves:
        points = [(frame.x(x), frame.y(y)) for x, y in zip(curve.x, curve.y, strict=True)]
        parts.append(path(points, f"line {series(curve.name)}"))
    parts += _end_labels(frame, [(frame.y(c.y[-1]), c.name) for c in curves])
    return figure(WIDTH, HEIGHT, parts, "Monthly cost over peak traffic on three clouds")


def latency_plot(r: Recommendation, curves: Sequence[Curve]) -> str:
    """Plot the p95 of each pattern over the load, with the latency target."""
    target = r.needs.p95_ms
    high = max(1.6 * target, 1.3 * max(min(c.y) for c in curves))
    frame = Frame(
        Scale(0, curves[0].x[-1], LEFT, WIDTH - RIGHT),
        Scale(0, high, HEIGHT - BOTTOM, TOP),
        "load, req/s",
        "p95, ms",
    )
    parts = [legend(LEFT - 46, 14, [(c.name, series(c.name)) for c in curves]), frame.axes()]
    parts.append(frame.mark_current(r.needs.peak_rps, f"peak: {number_text(r.needs.peak_rps)}"))
    parts.append(line(LEFT, frame.y(target), WIDTH - RIGHT, frame.y(target), "target"))
    parts += [path(_within(curve, frame, high), f"line {series(curve.name)}") for curve in curves]
    parts.append(text(WIDTH - RIGHT + 8, frame.y(target) + 4, "target", "label target-label"))
    return figure(WIDTH, HEIGHT, parts, "p95 latency over load for each pattern, with the target")


def _within(curve: Curve, frame: Frame, high: float) -> list[tuple[float, float]]:
    """Return the points of a curve, cut off where it leaves the plot at the top."""
    points: list[tuple[float, float]] = []
    previous = None
    for x, y in zip(curve.x, curve.y, strict=True):
        if y > high:
            if previous and math.isfinite(y):
                x = previous[0] + (x - previous[0]) * (high - previous[1]) / (y - previous[1])
            points.append((frame.x(x), frame.y(high)))
            break
        points.append((frame.x(x), frame.y(y)))
        previous = (x, y)
    return points


def _end_labels(frame: Frame, places: list[tuple[float, str]]) -> list[str]:
    """Draw the name of each curve at its right end."""
    return [
        text(frame.x.end + 8, y + 4, name, f"label {series(name)}-text")
        for y, name in spread_labels(places, LABEL_GAP, frame.y.end, frame.y.start)
    ]
