"""Port of the log formats: lines of a log become requests with the same six fields."""

import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Protocol

FIELDS = ("time", "request", "status", "size", "agent", "duration")
Request = tuple[bytes, bytes, bytes, bytes, bytes, bytes]
"""Time, method and target, status, bytes sent, user agent and duration, as they stand in the log.

Equal times have equal text, so that each text is parsed once. What the log lacks is empty. So are method and
target if the client sent something else than HTTP, such as a TLS handshake to a plain port.
"""


class LogFormat(Protocol):
    """A format of access logs. `sees_visitors` says whether it is that of a content delivery network."""

    name: str
    sees_visitors: bool

    def requests(self, lines: bytes, number: int) -> Iterable[Request]:
        """Return the requests in that `number` of whole lines; lines in another format are left out."""
        ...

    def second(self, time: bytes) -> int:
        """Return a time in the log as seconds since 1970. Raises ValueError."""
        ...

    def milliseconds(self, duration: bytes) -> float:
        """Return a duration in the log in milliseconds. Raises ValueError if it is missing."""
        ...


class PatternFormat:
    """A format whose lines match a regular expression.

    The groups `time`, `request` or `method` and `target`, `status`, `size`, `duration` and `agent` are the
    fields. The whole text is searched at once: a loop over its lines would take twice as long. `fast` is a
    pattern that takes half the time, because it does not look for line breaks and escapes within a field.
    """

    def __init__(
        self,
        name: str,
        pattern: str,
        second: Callable[[bytes], int],
        milliseconds: Callable[[bytes], float],
        *,
        fast: str | None = None,
        sees_visitors: bool = False,
    ) -> None:
        self.name, self.second, self.milliseconds = name, second, milliseconds
        self.sees_visitors = sees_visitors
        self._strict = _Search(pattern)
        self._fast = _Search(fast or pattern.replace(r"\n]", "]"))

    def requests(self, lines: bytes, number: int) -> Iterable[Request]:
        """Return the requests in that `number` of whole lines."""
        rows = self._fast.rows(lines)
        # A match starts and ends with a line. If there are as many as lines, none spans two of them.
        return rows if len(rows) == number else self._strict.rows(lines)


class _Search:
    """Finds the fields of requests with one regular expression."""

    def __init__(self, pattern: str) -> None:
        self._split = "(?P<method>" in pattern
        fields = ("time", "method", "target", *FIELDS[2:]) if self._split else FIELDS
        # An empty group at the end stands for the fields that the format lacks.
        end = "$" if all(f"(?P<{field}>" in pattern for field in fields) else "$()"
        regex = re.compile(rf"^{pattern}\r?{end}".encode(), re.MULTILINE)
        self._find = regex.findall
        order = [regex.groupindex.get(field, regex.groups) - 1 for field in fields]
        self._pick = itemgetter(*order)
        self._in_order = order == [*range(regex.groups)]

    def rows(self, lines: bytes) -> Sequence[Request]:
        rows = self._find(lines)
        if not self._in_order:
            rows = [*map(self._pick, rows)]
        return [*_joined(rows)] if self._split else rows


def _joined(rows: Iterable[tuple[bytes, ...]]) -> Iterable[Request]:
    for time, method, target, status, size, agent, duration in rows:
        yield time, method + b" " + target, status, size, agent, duration
