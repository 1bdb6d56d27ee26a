"""Waterfall charts of the scores: one bar for each term, and one for the score."""

from collections.abc import Sequence

from blueprint.advise.formatting import values_text
from blueprint.advise.result import Recommendation, ScoreLine
from blueprint.report.html.palette import series
from blueprint.report.html.scales import Scale
from blueprint.report.html.svg import element, figure, line, rect, text

WIDTH = 520.0
ROW, TOP, BOTTOM = 30.0, 16.0, 34.0
LABELS, POINTS = 196.0, 62.0


def waterfalls(r: Recommendation) -> dict[str, str]:
    """Return a chart for each pattern that has terms with points, all on the same scale."""
    shown = {name: [x for x in r.score_breakdown if x.pattern == name and x.points] for name in r.scores}
    shown = {name: lines for name, lines in shown.items() if lines}
    sums = [total for lines in shown.values() for total in _running(lines)]
    low, high = min([0.0, *sums]), max([0.0, *sums])
    margin = 0.04 * (high - low)
    scale = Scale(low - margin, high + margin, LABELS, WIDTH - POINTS)
    return {name: _waterfall(r, name, lines, scale) for name, lines in shown.items()}


def _running(lines: Sequence[ScoreLine]) -> list[float]:
    sums, total = [], 0.0
    for entry in lines:
        total += entry.points
        sums.append(total)
    return sums


def _waterfall(r: Recommendation, name: str, lines: Sequence[ScoreLine], scale: Scale) -> str:
    height = TOP + ROW * (len(lines) + 1) + BOTTOM
    parts = [_grid(scale, height)]
    total = 0.0
    for row, entry in enumerate(lines):
        y = TOP + row * ROW
        parts += _term(entry, y, scale, total)
        total += entry.points
        parts.append(line(scale(total), y + ROW - 7, scale(total), y + ROW + 5, "link"))
    y = TOP + len(lines) * ROW
    left, right = sorted((scale(0), scale(total)))
    parts.append(rect(left, y + 3, max(2, right - left), ROW - 10, series(name), rx=3))
    parts.append(text(LABELS - 14, y + 18, "score", "label strong", "end"))
    parts.append(text(WIDTH, y + 18, f"{total:+.2f}", "value strong", "end"))
    label = f"Terms of {name} that add up to a score of {total:+.2f}"
    return figure(WIDTH, height, parts, label)


def _grid(scale: Scale, height: float) -> str:
    marks = []
    for tick in scale.ticks(6):
        x = scale(tick)
        marks.append(line(x, TOP - 6, x, height - BOTTOM + 4, "zero" if abs(tick) < 1e-9 else "grid"))
        marks.append(
            text(x, height - BOTTOM + 20, "0" if abs(tick) < 1e-9 else f"{tick:+g}", "tick", "middle")
        )
    return element("g", "".join(marks))


def _term(entry: ScoreLine, y: float, scale: Scale, before: float) -> list[str]:
    left, right = sorted((scale(before), scale(before + entry.points)))
    answers = values_text(entry.values)
    tip = f"{entry.term}{f' ({answers})' if answers else ''}: {entry.points:+.2f}, {entry.why}"
    style = ("gain" if entry.points > 0 else "loss") + (" assumed" if entry.assumed else "")
    return [
        text(LABELS - 14, y + 18, entry.term + (" *" if entry.assumed else ""), "label", "end"),
        rect(left, y + 3, max(2, right - left), ROW - 10, style, rx=3, title=tip),
        text(WIDTH, y + 18, f"{entry.points:+.2f}", "value", "end"),
    ]
