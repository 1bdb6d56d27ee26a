"""Dead letters: events that a group failed to handle, to be inspected and replayed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from ...clock import now
from .port import Bus, Message, Reader, Record
from .retries import DUE, ERROR, FAILURES, ORIGIN_OFFSET, ORIGIN_TOPIC

PAGE = 1000
# Header of a marker record: the offset, in the same topic, of the dead letter that was replayed.
REPLAYED = "replayed"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter; `time` is when it was dead-lettered."""

    id: str
    type: str
    key: str
    error: str
    time: datetime
    record: Record


class _Topics(Generic[T]):
    """What is kept of each dead letter in some topics, named `<topic>.<group>.dlq`."""

    def __init__(self, bus: Bus, topics: Sequence[str], keep: Callable[[str, Record], T]) -> None:
        """`keep` gets the id and the record of each dead letter."""
        self._bus = bus
        self._topics = topics
        self._keep = keep
        self._reader: Reader | None = None
        self._kept: dict[str, T] = {}

    async def read(self) -> Mapping[str, T]:
        """Return what is kept of those that were not replayed, by id; later calls read only new records."""
        if self._reader is None:
            self._reader = await self._bus.reader(self._topics)
        while records := await self._reader.read(PAGE):
            for record in records:
                self._apply(record)
        return self._kept

    async def close(self) -> None:
        """Close the reader."""
        if self._reader is not None:
            await self._reader.close()

    def _apply(self, record: Record) -> None:
        topic = record.partition.topic
        replayed = record.headers.get(REPLAYED)
        if replayed is None:
            id = f"{topic}:{record.offset}"
            self._kept[id] = self._keep(id, record)
        else:
            self._kept.pop(f"{topic}:{replayed}", None)


class DeadLetterTimes:
    """Times of the dead letters of some topics, which may be too many to keep their contents."""

    def __init__(self, bus: Bus, topics: Sequence[str]) -> None:
        self._topics = _Topics(bus, topics, lambda _, record: record.time)

    async def number(self) -> int:
        """Return the number of dead letters."""
        return len(await self._topics.read())

    async def age(self) -> float:
        """Return the age of the oldest dead letter in seconds; 0 without dead letters."""
        times = await self._topics.read()
        return (now() - min(times.values())).total_seconds() if times else 0.0

    async def close(self) -> None:
        """Close the reader."""
        await self._topics.close()


class DeadLetters:
    """Dead letters of some groups.

    Topics are append-only. A replay therefore publishes the event to the group's first retry topic, then
    appends a marker to the dead-letter topic.
    """

    def __init__(self, bus: Bus, topics: Sequence[str]) -> None:
        """`topics` are dead-letter topics."""
        self._bus = bus
        self._topics = _Topics(bus, topics, _dead_letter)

    async def read(self) -> list[DeadLetter]:
        """Return all current dead letters, oldest first; later calls read only new records."""
        found = await self._topics.read()
        return sorted(found.values(), key=lambda dead_letter: dead_letter.time)

    async def replay(self, dead_letter: DeadLetter) -> None:
        """Publish the event to its group's first retry topic, due immediately, with all attempts restored."""
        record = dead_letter.record
        headers = dict(record.headers) | {DUE: now().isoformat(), FAILURES: "0"}
        # Another program may have written it, without an error.
        headers.pop(ERROR, None)
        topic = record.partition.topic.removesuffix(".dlq")
        # Publish before marking: replaying a dead letter twice is harmless, losing it is not.
        await self._bus.producer.publish([Message(f"{topic}.retry-1", record.key, record.value, headers)])
        mark = Message(record.partition.topic, record.key, b"", {REPLAYED: str(record.offset)})
        await self._bus.producer.publish([mark])

    async def close(self) -> None:
        """Close the reader."""
        await self._topics.close()


def _dead_letter(id: str, record: Record) -> DeadLetter:
    headers = record.headers
    return DeadLetter(id, headers.get("type", "?"), record.key, headers.get(ERROR, "?"), record.time, record)


async def list_dead_letters(dead_letters: DeadLetters, show: Callable[[str], None] = print) -> int:
    """Print one line per dead letter; return the exit status."""
    found = await dead_letters.read()
    for dead_letter in found:
        time = f"{dead_letter.time:%Y-%m-%d %H:%M:%S}"
        show("  ".join((dead_letter.id, time, dead_letter.type, dead_letter.key, dead_letter.error)))
    show(_counted(len(found)))
    return 0


async def show_dead_letter(dead_letters: DeadLetters, id: str, show: Callable[[str], None] = print) -> int:
    """Print all details of a dead letter; return the exit status."""
    dead_letter = await _find(dead_letters, id)
    if dead_letter is None:
        show(f"There is no dead letter {id}. List them with the command dead-letters.")
        return 1
    origin = (dead_letter.record.headers.get(name, "?") for name in (ORIGIN_TOPIC, ORIGIN_OFFSET))
    show(f"{dead_letter.id}: {dead_letter.type} with key {dead_letter.key}, from {' at '.join(origin)}")
    show(f"dead-lettered {dead_letter.time.isoformat()}: {dead_letter.error}")
    for name, value in dead_letter.record.headers.items():
        show(f"  {name}: {value}")
    show(_readable(dead_letter.record.value))
    return 0


async def replay_dead_letters(
    dead_letters: DeadLetters, id: str | None = None, show: Callable[[str], None] = print
) -> int:
    """Replay one dead letter, or all; return the exit status."""
    found = await dead_letters.read()
    chosen = [dead_letter for dead_letter in found if id in (None, dead_letter.id)]
    if id is not None and not chosen:
        show(f"There is no dead letter {id}. List them with the command dead-letters.")
        return 1
    for dead_letter in chosen:
        await dead_letters.replay(dead_letter)
    show(f"{_counted(len(chosen))} replayed")
    return 0


def _counted(number: int) -> str:
    return f"{number} dead letter{'s' if number != 1 else ''}"


async def _find(dead_letters: DeadLetters, id: str) -> DeadLetter | None:
    return next((dead_letter for dead_letter in await dead_letters.read() if dead_letter.id == id), None)


def _readable(value: bytes) -> str:
    try:
        return msgspec.json.format(value).decode()
    except msgspec.DecodeError:
        return repr(value)
