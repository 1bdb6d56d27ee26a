"""A terminal as SVG: still, or as a recording that plays in any browser without scripts."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from rich.console import Console
from rich.style import Style
from rich.text import Text

FONT = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace"
SIZE, WIDTH, HEIGHT = 13.0, 7.83, 18.0
"""Font size, and the cell of one character, in pixels."""
MARGIN, BAR = 16.0, 30.0
BACKGROUND, FOREGROUND = "#1b1f27", "#d7dae0"
PROMPT = "#8fd18f"
COLORS = ("#5c6370", "#ef7d86", "#98c379", "#e5c07b", "#75b7f0", "#d290e4", "#66c2cd", "#d7dae0")
"""Colors of a terminal by their numbers: black, red, green, yellow, blue, magenta, cyan, white."""
WORDS = re.compile(r"\S+(?: \S+)*")
"""Words that one element can hold: wider gaps separate columns, which must stay aligned in every font."""
TYPING, PRINTING, READING, RESTART = 0.04, 0.03, 3.0, 6.0
"""Seconds for a typed character, a printed line, a screen to read, and the last screen."""


_CONSOLE = Console(color_system="truecolor", width=400)


def still(lines: Sequence[str], columns: int, label: str) -> str:
    """Return the picture of a terminal that shows `lines`. A line that starts with `$ ` is a command."""
    lines = [*_wrapped(lines, columns)]
    body = "".join(_line(line, row) for row, line in enumerate(lines))
    return _frame(body, columns, len(lines), label, "")


def recording(lines: Sequence[str], columns: int, rows: int, label: str) -> str:
    """Return a repeating recording of `lines` on a terminal with `rows` rows.

    It stands still for readers who prefer reduced motion.
    """
    lines = [*_wrapped(lines, columns)]
    times = [*_times(lines, rows)]
    total = times[-1] + RESTART
    body, rules = [], []
    for row, (line, at) in enumerate(zip(lines, times, strict=True)):
        share = 100 * at / total
        rules.append(
            f"@keyframes l{row}{{0%,{share:.2f}%{{opacity:0}}{share + 0.01:.2f}%,100%{{opacity:1}}}}"
        )
        rules.append(f".l{row}{{animation:l{row} {total:.1f}s linear infinite}}")
        body.append(f'<g class="l{row}">{_line(line, row)}</g>')
    rules.append(_scrolling(times, rows, total))
    end = max(0, len(lines) - rows) * HEIGHT
    rules.append(
        f"@media (prefers-reduced-motion:reduce){{g{{animation:none!important}}"
        f".screen{{transform:translateY(-{end:.0f}px)}}}}"
    )
    return _frame(f'<g class="screen">{"".join(body)}</g>', columns, rows, label, "".join(rules))


def _wrapped(lines: Sequence[str], columns: int) -> Iterator[str]:
    """Yield the lines as a terminal breaks them: at the last column. Lines with colors are never too long."""
    for line in lines:
        if "\x1b" in line:
            yield line
        else:
            yield from (line[start : start + columns] for start in range(0, max(1, len(line)), columns))


def _times(lines: Sequence[str], rows: int) -> Iterator[float]:
    """Yield when each line appears: commands are typed, output is printed, and a full screen is read."""
    now, shown = 0.0, 0
    for row, line in enumerate(lines):
        if line.startswith("$ "):
            now += READING + TYPING * len(line) if row else 0.0
            shown = 0
        elif shown == rows - 2:
            now += READING
            shown = 0
        else:
            now += PRINTING
        shown += 1
        yield now


def _scrolling(times: Sequence[float], rows: int, total: float) -> str:
    """Return the animation that moves the screen up when a line below its last row appears."""
    steps = ["0%{transform:translateY(0)}"]
    for row in range(rows, len(times)):
        share = 100 * times[row] / total
        before, after = (row - rows) * HEIGHT, (row - rows + 1) * HEIGHT
        steps.append(f"{share - 0.005:.3f}%{{transform:translateY(-{before:.0f}px)}}")
        steps.append(f"{share:.3f}%{{transform:translateY(-{after:.0f}px)}}")
    end = max(0, len(times) - rows) * HEIGHT
    steps.append(f"100%{{transform:translateY(-{end:.0f}px)}}")
    return f"@keyframes scroll{{{''.join(steps)}}}.screen{{animation:scroll {total:.1f}s linear infinite}}"


def _line(line: str, row: int) -> str:
    """Return the text elements of one line."""
    y = BAR + MARGIN + row * HEIGHT + SIZE
    if line.startswith("$ "):
        return _text("$", 0, y, PROMPT, bold=True) + _text(line[2:], 2, y, "#ffffff", bold=True)
    parts, column = [], 0
    for segment in Text.from_ansi(line).render(_CONSOLE):
        style = segment.style or Style.null()
        for words in WORDS.finditer(segment.text):
            at = column + words.start()
            parts.append(_text(words[0], at, y, _color(style), bold=bool(style.bold)))
        column += len(segment.text)
    return "".join(parts)


def _color(style: Style) -> str:
    if style.color is None or style.color.number is None:
        return "#8b93a1" if style.dim else FOREGROUND
    return COLORS[style.color.number % len(COLORS)]


def _text(words: str, column: int, y: float, color: str, *, bold: bool) -> str:
    """Return one text element whose width does not depend on the font."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{MARGIN + column * WIDTH:.1f}" y="{y:.1f}" fill="{color}"{weight}'
        f' textLength="{len(words) * WIDTH:.1f}" lengthAdjust="spacingAndGlyphs">{escape(words)}</text>'
    )


def _frame(body: str, columns: int, rows: int, label: str, style: str) -> str:
    """Return the window around the text."""
    width, height = columns * WIDTH + 2 * MARGIN, rows * HEIGHT + BAR + 2 * MARGIN
    screen = f'<rect y="{BAR}" width="{width:.0f}" height="{height - BAR - 8:.0f}"/>'
    dots = "".join(
        f'<circle cx="{20 + 18 * index}" cy="15" r="5.5" fill="{color}"/>'
        for index, color in enumerate(("#ec6a5e", "#f4bf4f", "#61c554"))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' role="img" aria-label="{escape(label)}" font-family="{FONT}" font-size="{SIZE}"'
        f' xml:space="preserve"><title>{escape(label)}</title><style>{style}</style>'
        f'<clipPath id="screen">{screen}</clipPath>'
        f'<rect width="{width:.0f}" height="{height:.0f}" rx="8" fill="{BACKGROUND}"/>{dots}'
        f'<g clip-path="url(#screen)">{body}</g></svg>\n'
    )
