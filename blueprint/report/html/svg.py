"""SVG elements as strings, with escaped text and rounded numbers; CSS classes set the colors."""

from collections.abc import Sequence
from html import escape


def number(value: float) -> str:
    """Format a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def attributes(values: dict[str, object]) -> str:
    """Format attributes, with dashes for underscores; `cls` is the class."""
    names = {"cls": "class"}
    pairs = (
        (names.get(name, name.replace("_", "-")), value)
        for name, value in values.items()
        if value is not None
    )
    return "".join(
        f' {name}="{number(value) if isinstance(value, float) else escape(str(value))}"'
        for name, value in pairs
    )


def element(tag: str, content: str = "", **values: object) -> str:
    """Return an element; `content` is markup and not escaped."""
    return f"<{tag}{attributes(values)}>{content}</{tag}>" if content else f"<{tag}{attributes(values)}/>"


def text(x: float, y: float, content: str, cls: str = "", anchor: str = "start") -> str:
    """Return a line of text with its baseline at y."""
    return element("text", escape(content), x=float(x), y=float(y), cls=cls or None, text_anchor=anchor)


def rect(x: float, y: float, width: float, height: float, cls: str, rx: float = 0, title: str = "") -> str:
    """Return a rectangle, with a tooltip if it has a title."""
    tip = element("title", escape(title)) if title else ""
    radius = float(rx) if rx else None
    size = {"x": float(x), "y": float(y), "width": float(max(0, width)), "height": float(height)}
    return element("rect", tip, **size, rx=radius, cls=cls)


def line(x1: float, y1: float, x2: float, y2: float, cls: str) -> str:
    """Return a straight line."""
    return element("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), cls=cls)


def path(points: Sequence[tuple[float, float]], cls: str, closed: bool = False) -> str:
    """Return a line through points."""
    steps = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return element("path", d=f"M{steps}{'Z' if closed else ''}", cls=cls)


def figure(width: float, height: float, content: Sequence[str], label: str) -> str:
    """Return a drawing that fills the available width; screen readers read the label."""
    return element(
        "svg",
        "\n".join(content),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_label=label,
    )
