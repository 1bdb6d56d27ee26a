"""Metrics as text, as an exporter or the address /metrics of a program writes them."""

import re
from collections.abc import Iterator

from .series import Series

_SAMPLE = re.compile(
    r'([A-Za-z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+(\S+)(?:\s+(-?[\d.]+))?\s*(?:#.*)?'
)
_LABEL = re.compile(r'([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"')


def series_in_text(text: str, time: float) -> Iterator[Series]:
    """Yield a series of one point for each sample; `time` is that of samples without a time of their own."""
    for line in text.splitlines():
        match = _SAMPLE.fullmatch(line.strip())
        if match:
            try:
                value = float(match[3])
            except ValueError:
                continue
            if value == value:
                # Times are in milliseconds, but in OpenMetrics in seconds with a point.
                own = float(match[4]) / (1 if "." in match[4] else 1000) if match[4] else time
                yield Series(match[1], dict(_LABEL.findall(match[2] or "")), [(own, value)])
