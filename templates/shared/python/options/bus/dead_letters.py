"""Dead letters: events that a group failed to handle, to be inspected and replayed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from ...clock import now
from .port import Bus, Message, Reader, Record
from .retries import DUE, ERROR, FAILURES, ORIGIN_OFFSET, ORIGIN_TOPIC

PAGE = 1000
# Header of a marker record: the offset, in the same topic, of the dead letter that was replayed.
REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter; `time` is when it was dead-lettered."""

    id: str
    type: str
    key: str
    error: str
    time: datetime
    record: Record


class DeadLetters:
    """Dead letters of some groups, in topics named `<topic>.<group>.dlq`.

    Topics are append-only. A replay therefore publishes the event to the group's first retry topic, then
    appends a marker to the dead-letter topic.
    """

    def __init__(self, bus: Bus, topics: Sequence[str]) -> None:
        """`topics` are dead-letter topics."""
        self._bus = bus
        self._topics = topics
        self._reader: Reader | None = None
        self._dead_letters: dict[str, DeadLetter] = {}

    async def read(self) -> list[DeadLetter]:
        """Return all current dead letters, oldest first; later calls read only new records."""
        if self._reader is None:
            self._reader = await self._bus.reader(self._topics)
        while records := await self._reader.read(PAGE):
            for record in records:
                self._apply(record)
        return sorted(self._dead_letters.values(), key=lambda dead_letter: dead_letter.time)

    async def age(self) -> float:
        """Return the age of the oldest dead letter in seconds; 0 without dead letters."""
        dead_letters = await self.read()
        return (now() - dead_letters[0].time).total_seconds() if dead_letters else 0.0

    async def replay(self, dead_letter: DeadLetter) -> None:
        """Publish the event to its group's first retry topic, due immediately, with all attempts restored."""
        record = dead_letter.record
        headers = dict(record.headers) | {DUE: now().isoformat(), FAILURES: "0"}
        del headers[ERROR]
        topic = record.partition.topic.removesuffix(".dlq")
        # Publish before marking: replaying a dead letter twice is harmless, losing it is not.
        await self._bus.producer.publish([Message(f"{topic}.retry-1", record.key, record.value, headers)])
        mark = Message(record.partition.topic, record.key, b"", {REPLAYED: str(record.offset)})
        await self._bus.producer.publish([mark])
        self._dead_letters.pop(dead_letter.id, None)

    async def close(self) -> None:
        """Close the reader."""
        if self._reader is not None:
            await self._reader.close()

    def _apply(self, record: Record) -> None:
        topic = record.partition.topic
        replayed = record.headers.get(REPLAYED)
        if replayed is not None:
            self._dead_letters.pop(f"{topic}:{replayed}", None)
            return
        dead_letter = DeadLetter(
            f"{topic}:{record.offset}",
            record.headers.get("type", "?"),
            record.key,
            record.headers.get(ERROR, "?"),
            record.time,
            record,
        )
        self._dead_letters[dead_letter.id] = dead_letter


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
