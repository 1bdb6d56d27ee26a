"""Times and durations as logs write them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

# The names do not depend on the locale, as strptime's would.
_NAMES = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
COMMON = r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d"
"""Pattern of a time as in the common log format: 06/Feb/2009:12:14:14."""

_MINUTE = re.compile(rb"(\d\d)/(\w{3})/(\d{4}):(\d\d):(\d\d):")
_SECOND = slice(18, 20)
_OFFSET = re.compile(rb"(?: ([+-])(\d\d)(\d\d))?")


def common_second(text: bytes) -> int:
    """Return a time such as `06/Feb/2009:12:14:14 +0100` as seconds since 1970. Raises ValueError.

    A log without an offset is taken as UTC: only distances between times matter.
    """
    second = text[_SECOND]
    if not second.isdigit():
        raise ValueError(text)
    # A leap second is the same moment as the next minute's first.
    return _common_minute(text[: _SECOND.start], text[_SECOND.stop :]) + int(second)


@lru_cache(maxsize=64)
def _common_minute(text: bytes, offset: bytes) -> int:
    """Return the beginning of a minute; in a log, it is that of many seconds. Raises ValueError."""
    match, distance = _MINUTE.fullmatch(text), _OFFSET.fullmatch(offset)
    if match is None or distance is None or match[2] not in MONTHS:
        raise ValueError(text)
    day, _, year, hour, minute = match.groups()
    sign, hours, minutes = distance.groups()
    east = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-east if sign == b"-" else east)
    moment = datetime(int(year), MONTHS[match[2]], int(day), int(hour), int(minute), tzinfo=zone)
    return int(moment.timestamp())


def iso_second(text: bytes) -> int:
    """Return a time such as `2015-05-13T23:39:43Z` as seconds since 1970. Raises ValueError."""
    moment = datetime.fromisoformat(text.decode("ascii").replace("\t", "T"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def unix_second(text: bytes) -> int:
    """Return a time in seconds since 1970. Raises ValueError."""
    return int(text)


def scaled(milliseconds: float) -> Callable[[bytes], float]:
    """Return a parser for durations in a unit of that many milliseconds; a list of durations is summed.

    NGINX separates the times of several attempts by commas, and of several groups of servers by colons.
    """

    def parse(text: bytes) -> float:
        return milliseconds * sum(float(part) for part in _SEPARATORS.split(text) if part != b"-")

    return parse


_SEPARATORS = re.compile(rb"[ ,:]+")
