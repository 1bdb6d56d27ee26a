"""Common parts of the plots: axes, legends, and a mark for the current value."""

from collections.abc import Callable
from dataclasses import dataclass

from blueprint.report.html.scales import Scale, tick_label
from blueprint.report.html.svg import element, line, rect, text

Format = Callable[[float], str]
# Width of a character in pixels, estimated generously so that labels do not overlap.
CHARACTER = 8.0


@dataclass(frozen=True)
class Frame:
    """A plotting area with its scales; y increases upwards."""

    x: Scale
    y: Scale
    x_title: str
    y_title: str
    x_format: Format = tick_label
    y_format: Format = tick_label

    def axes(self) -> str:
        """Draw grid lines, ticks and titles."""
        left, right, bottom, top = self.x.start, self.x.end, self.y.start, self.y.end
        marks = []
        for tick in self.y.ticks(6):
            marks.append(line(left, self.y(tick), right, self.y(tick), "grid"))
            marks.append(text(left - 10, self.y(tick) + 4, self.y_format(tick), "tick", "end"))
        for tick in self.x.ticks(7):
            marks.append(line(self.x(tick), bottom, self.x(tick), bottom + 5, "axis"))
            marks.append(text(self.x(tick), bottom + 20, self.x_format(tick), "tick", "middle"))
        marks.append(line(left, bottom, right, bottom, "axis"))
        marks.append(text((left + right) / 2, bottom + 42, self.x_title, "title", "middle"))
        marks.append(text(left - 46, top - 16, self.y_title, "title"))
        return element("g", "".join(marks))

    def mark_current(self, value: float, name: str) -> str:
        """Draw a vertical line at the current value, with its name above the plotting area."""
        x = self.x(value)
        width = len(name) * CHARACTER
        start = min(max(x - width / 2, self.x.start), self.x.end - width)
        label = text(start + width / 2, self.y.end - 8, name, "here", "middle")
        return line(x, self.y.start, x, self.y.end, "here") + label


def spread_labels(
    places: list[tuple[float, str]], gap: float, low: float, high: float
) -> list[tuple[float, str]]:
    """Return the labels, moved up or down just enough to be `gap` apart, within low..high."""
    ordered = sorted(places)
    ys = [y for y, _ in ordered]
    for index in range(1, len(ys)):
        ys[index] = max(ys[index], ys[index - 1] + gap)
    ceiling = high
    for index in reversed(range(len(ys))):
        ys[index] = max(low, min(ys[index], ceiling))
        ceiling = ys[index] - gap
    return [(y, name) for y, (_, name) in zip(ys, ordered, strict=True)]


def legend(x: float, y: float, names: list[tuple[str, str]]) -> str:
    """Draw colored squares with names, side by side."""
    parts = []
    for name, cls in names:
        parts.append(rect(x, y - 10, 12, 12, cls, rx=3))
        parts.append(text(x + 18, y, name, "label"))
        x += 18 + len(name) * CHARACTER + 26
    return "".join(parts)
