"""Decision map: the recommended pattern by traffic and team size."""

import math
from collections.abc import Sequence
from itertools import pairwise

from blueprint.advise.decide import NO_PATTERN
from blueprint.advise.formatting import count_text, number_text
from blueprint.advise.result import Recommendation
from blueprint.advise.sensitivity import DecisionMap
from blueprint.report.html.palette import series
from blueprint.report.html.plot import CHARACTER, Frame, legend
from blueprint.report.html.scales import Scale
from blueprint.report.html.svg import element, figure, line, rect, text

WIDTH, HEIGHT = 1080.0, 460.0
LEFT, RIGHT, TOP, BOTTOM = 62.0, 20.0, 64.0, 58.0


def decision_map_plot(r: Recommendation, cells_by_label: DecisionMap) -> str:
    """Draw the label for each traffic and team size as a colored cell, and mark the current needs."""
    columns, rows = _edges(cells_by_label.peaks), _edges([float(n) for n in cells_by_label.engineers])
    frame = Frame(
        Scale(columns[0], columns[-1], LEFT, WIDTH - RIGHT, logarithmic=True),
        Scale(rows[0], rows[-1], HEIGHT - BOTTOM, TOP, logarithmic=True),
        "peak traffic, req/s (mean traffic and events in proportion)",
        "engineers (teams in proportion)",
    )
    cells = [
        cell
        for row, labels in enumerate(cells_by_label.labels)
        for cell in _row(frame, columns, rows[row], rows[row + 1], labels)
    ]
    seen = [
        name for name in (*r.scores, NO_PATTERN) if any(name in labels for labels in cells_by_label.labels)
    ]
    names = {NO_PATTERN: "no pattern fits"}
    key = legend(LEFT - 46, 18, [(names.get(name, name), f"cell {series(name)}") for name in seen])
    parts = [key, frame.axes(), element("g", "".join(cells), cls="cells"), _mark(r, frame)]
    return figure(WIDTH, HEIGHT, parts, "Recommended pattern by peak traffic and number of engineers")


def _edges(values: Sequence[float]) -> list[float]:
    """Return the borders of the cells: halfway between neighbors on a logarithmic scale."""
    if len(values) == 1:
        return [values[0] / 2, values[0] * 2]
    inner = [math.sqrt(a * b) for a, b in pairwise(values)]
    return [values[0] ** 2 / inner[0], *inner, values[-1] ** 2 / inner[-1]]


def _row(frame: Frame, columns: Sequence[float], low: float, high: float, labels: Sequence[str]) -> list[str]:
    """Draw a rectangle for each run of equal labels, slightly larger so that no gap shows between them."""
    cells, start = [], 0
    top, height = frame.y(high), frame.y(low) - frame.y(high)
    for end in range(1, len(labels) + 1):
        if end == len(labels) or labels[end] != labels[start]:
            x, right = frame.x(columns[start]), frame.x(columns[end])
            cells.append(rect(x, top, right - x + 0.4, height + 0.4, f"cell {series(labels[start])}"))
            start = end
    return cells


def _mark(r: Recommendation, frame: Frame) -> str:
    x, y = frame.x(r.needs.peak_rps), frame.y(r.needs.engineers)
    label = f"you: {number_text(r.needs.peak_rps)} req/s, {count_text(r.needs.engineers, 'engineer')}"
    width = len(label) * CHARACTER + 20
    left = x + 14 if x + 14 + width < frame.x.end else x - 14 - width
    top = y - 13 if y - 13 > frame.y.end else y
    dot = element("circle", cx=float(x), cy=float(y), r=6.0, cls="dot")
    cross = line(x, frame.y.start, x, y, "drop") + line(frame.x.start, y, x, y, "drop")
    plate = rect(left, top, width, 26, "plate", rx=13)
    return cross + dot + plate + text(left + width / 2, top + 17, label, "plate-text", "middle")
