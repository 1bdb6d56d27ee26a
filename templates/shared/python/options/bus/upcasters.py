"""Upcasting: old versions of events are converted before they are handled."""

from collections.abc import Callable
from typing import Any

import msgspec

from ..events import Event

Data = dict[str, Any]
UpcastStep = Callable[[Data], Data]


class UnknownVersion(msgspec.ValidationError):
    """The event is newer than this program; it is dead-lettered, to be replayed after an update."""


class Upcasters:
    """Converts events of old versions to the newest one, step by step, before they are handled."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, int], UpcastStep] = {}
        self._newest: dict[str, int] = {}

    def newest(self, type: str, version: int) -> None:
        """Set the newest version of an event type; newer events are refused."""
        self._newest[type] = version

    def add(self, type: str, version: int, step: UpcastStep) -> None:
        """Register the step that converts data of `version` to the next one."""
        self._steps[type, version] = step

    def __call__(self, event: Event) -> Event:
        """Return the event in its newest version; raise `UnknownVersion` if it is newer than that."""
        newest = self._newest.get(event.type)
        if newest is not None and event.version > newest:
            raise UnknownVersion(f"{event.type} {event.version} is unknown; the newest version is {newest}")
        if (event.type, event.version) not in self._steps:
            return event
        version, data = event.version, msgspec.json.decode(event.data, type=Data)
        while step := self._steps.get((event.type, version)):
            data = step(data)
            version += 1
        return msgspec.structs.replace(event, version=version, data=msgspec.Raw(msgspec.json.encode(data)))
