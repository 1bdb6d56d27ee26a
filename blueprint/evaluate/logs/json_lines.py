"""Access logs as JSON: those of Envoy, and of the proxies in front of generated shops."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from .log_format import Request
from .times import iso_second, scaled

_TYPES: Mapping[str, Any] = {
    "time": str,
    "method": str | None,
    "path": str | None,
    "status": int | str | None,
    "size": int | str | None,
    "duration": float | str | None,
    "agent": str | None,
}
_REQUIRED = ("time", "method", "path", "status")
_SECOND = len("2015-05-13T23:39:43")


class JsonFormat:
    """A format with one JSON object on a line.

    `keys` has the key of each field, and `unit` the milliseconds in one unit of the duration.
    """

    sees_visitors = False

    def __init__(self, name: str, keys: Mapping[str, str], unit: float) -> None:
        self.name = name
        self.milliseconds = scaled(unit)
        fields: list[Any] = [(each, _TYPES[each]) for each in _REQUIRED]
        fields += [(each, kind, None) for each, kind in _TYPES.items() if each not in _REQUIRED]
        self._decoder = msgspec.json.Decoder(msgspec.defstruct("Entry", fields, rename=dict(keys)))

    def requests(self, lines: bytes, number: int) -> Iterable[Request]:
        """Return the requests in that `number` of whole lines."""
        try:
            return map(_request, self._decoder.decode_lines(lines))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return map(_request, self._readable(lines))

    def second(self, time: bytes) -> int:
        """Return a time as seconds since 1970. Raises ValueError."""
        return iso_second(time)

    def _readable(self, lines: bytes) -> Iterator[Any]:
        for line in lines.splitlines():
            try:
                yield self._decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue


def json_formats() -> list[JsonFormat]:
    """Return the formats: the keys of Istio and of Envoy's examples, and those of generated proxies."""
    envoy = {
        "time": "start_time",
        "status": "response_code",
        "size": "bytes_sent",
        "agent": "user_agent",
    }
    return [
        JsonFormat("Envoy JSON", envoy, 1),
        JsonFormat("JSON of a shop's HAProxy", {"size": "bytes", "duration": "milliseconds"}, 1),
        JsonFormat("JSON of a shop's NGINX", {"size": "bytes", "duration": "seconds"}, 1000),
    ]


def _request(entry: Any) -> Request:
    path = (entry.path or "").partition("?")[0]
    request = f"{entry.method} {path}" if entry.method and path else ""
    # To the second: each text of a time is parsed once. What follows it is the fraction and the zone.
    time = entry.time[:_SECOND] + entry.time[_SECOND:].lstrip(".0123456789")
    return (
        time.encode(),
        request.encode(),
        _text(entry.status),
        _text(entry.size),
        _text(entry.agent),
        _text(entry.duration),
    )


def _text(value: object) -> bytes:
    return b"" if value is None else str(value).encode()
