"""Cost against traffic and p95 against load."""

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
    """USD a month over the peak rate, one line for each cloud, both axes logarithmic."""
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
    """p95 over the load of each pattern at the sizes of the peak, and the target."""
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
    """The points of the curve up to where it leaves the top of the plot, cut off there."""
    points: list[tuple[float, float]] = []
    before = None
    for x, y in zip(curve.x, curve.y, strict=True):
        if y > high:
            if before and math.isfinite(y):
                x = before[0] + (x - before[0]) * (high - before[1]) / (y - before[1])
            points.append((frame.x(x), frame.y(high)))
            break
        points.append((frame.x(x), frame.y(y)))
        before = (x, y)
    return points


def _end_labels(frame: Frame, places: list[tuple[float, str]]) -> list[str]:
    """Each line's name beside its right end."""
    return [
        text(frame.x.end + 8, y + 4, name, f"label {series(name)}-text")
        for y, name in spread_labels(places, LABEL_GAP, frame.y.end, frame.y.start)
    ]
