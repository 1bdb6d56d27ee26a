"""Dead letters: the events that a group has given up, to be looked at and replayed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from ..clock import now
from .port import Bus, Message, Reader, Record
from .retries import DUE, ERROR, FAILURES, ORIGIN_OFFSET, ORIGIN_TOPIC

PAGE = 1000
# Marks an earlier record of the same topic, by its offset, as replayed.
REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter; `id` names it, `time` is when it died."""

    id: str
    type: str
    key: str
    error: str
    time: datetime
    record: Record


class DeadLetters:
    """The dead letters of some groups, each in a topic `<topic>.<group>.dlq`.

    Nothing is taken out of a log. So a replay goes back into the first retry topic of that one group, and is
    noted behind the letter.
    """

    def __init__(self, bus: Bus, topics: Sequence[str]) -> None:
        """`topics` are the dead-letter topics."""
        self._bus = bus
        self._topics = topics
        self._reader: Reader | None = None
        self._dead_letters: dict[str, DeadLetter] = {}

    async def read(self) -> list[DeadLetter]:
        """Return what is there now, the oldest first; a second call reads only what is new."""
        if self._reader is None:
            self._reader = await self._bus.reader(self._topics)
        while records := await self._reader.read(PAGE):
            for record in records:
                self._note(record)
        return sorted(self._dead_letters.values(), key=lambda dead_letter: dead_letter.time)

    async def age(self) -> float:
        """Return the seconds since the oldest letter died; 0 without any."""
        dead_letters = await self.read()
        return (now() - dead_letters[0].time).total_seconds() if dead_letters else 0.0

    async def replay(self, dead_letter: DeadLetter) -> None:
        """Let its group handle the event again, at once, with all its tries before it."""
        record = dead_letter.record
        headers = dict(record.headers) | {DUE: now().isoformat(), FAILURES: "0"}
        del headers[ERROR]
        topic = record.partition.topic.removesuffix(".dlq")
        # In this order: a letter that is replayed twice does no harm, one that is lost would.
        await self._bus.producer.publish([Message(f"{topic}.retry-1", record.key, record.value, headers)])
        mark = Message(record.partition.topic, record.key, b"", {REPLAYED: str(record.offset)})
        await self._bus.producer.publish([mark])
        self._dead_letters.pop(dead_letter.id, None)

    async def close(self) -> None:
        """Stop reading."""
        if self._reader is not None:
            await self._reader.close()

    def _note(self, record: Record) -> None:
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
    """Show one line for each letter; return the exit status."""
    found = await dead_letters.read()
    for dead_letter in found:
        time = f"{dead_letter.time:%Y-%m-%d %H:%M:%S}"
        show("  ".join((dead_letter.id, time, dead_letter.type, dead_letter.key, dead_letter.error)))
    show(f"{len(found)} dead letters")
    return 0


async def show_dead_letter(dead_letters: DeadLetters, id: str, show: Callable[[str], None] = print) -> int:
    """Show all that is known of a letter; return the exit status."""
    dead_letter = await _find(dead_letters, id)
    if dead_letter is None:
        show(f"There is no dead letter {id}.")
        return 1
    origin = (dead_letter.record.headers.get(name, "?") for name in (ORIGIN_TOPIC, ORIGIN_OFFSET))
    show(f"{dead_letter.id}: {dead_letter.type} of {dead_letter.key}, from {' at '.join(origin)}")
    show(f"died {dead_letter.time.isoformat()}: {dead_letter.error}")
    for name, value in dead_letter.record.headers.items():
        show(f"  {name}: {value}")
    show(_readable(dead_letter.record.value))
    return 0


async def replay_dead_letters(
    dead_letters: DeadLetters, id: str | None = None, show: Callable[[str], None] = print
) -> int:
    """Replay one letter, or all; return the exit status."""
    found = await dead_letters.read()
    chosen = [dead_letter for dead_letter in found if id in (None, dead_letter.id)]
    if id is not None and not chosen:
        show(f"There is no dead letter {id}.")
        return 1
    for dead_letter in chosen:
        await dead_letters.replay(dead_letter)
    show(f"{len(chosen)} dead letters replayed")
    return 0


async def _find(dead_letters: DeadLetters, id: str) -> DeadLetter | None:
    return next((dead_letter for dead_letter in await dead_letters.read() if dead_letter.id == id), None)


def _readable(value: bytes) -> str:
    try:
        return msgspec.json.format(value).decode()
    except msgspec.DecodeError:
        return repr(value)
