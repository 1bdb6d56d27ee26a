"""File of the embedded bus: a SQLite database of records, groups and members.

All methods block briefly; `embedded.py` calls them in a separate thread. Several processes may share a file:
every change is one transaction, and SQLite serializes them.
"""

import sqlite3
import time
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from .port import BusUnavailable, Message, MessagesRefused, Offsets, Partition, Record, Topic

# The same limit as Apache Kafka's default.
MAX_BYTES = 1_000_000
BUSY_SECONDS = 30
# A member without a heartbeat for this long is considered dead.
EXPIRY_SECONDS = 5.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS topic (name TEXT PRIMARY KEY, partitions INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (
    topic TEXT NOT NULL, part INTEGER NOT NULL, at INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
    headers BLOB NOT NULL, milliseconds INTEGER NOT NULL, PRIMARY KEY (topic, part, at)
);
CREATE TABLE IF NOT EXISTS committed (
    team TEXT NOT NULL, topic TEXT NOT NULL, part INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (team, topic, part)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS member (
    id TEXT PRIMARY KEY, team TEXT NOT NULL, topics BLOB NOT NULL, seen REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lease (
    team TEXT NOT NULL, topic TEXT NOT NULL, part INTEGER NOT NULL, member TEXT NOT NULL,
    PRIMARY KEY (team, topic, part)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A group member that consumes a share of the topics' partitions."""

    id: str
    group: str
    topics: Sequence[str]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A member's partitions: those it keeps, those of them to release, and those newly acquired."""

    kept: frozenset[Partition]
    to_release: frozenset[Partition]
    new: frozenset[Partition]


class LogFile:
    """An open log file, for use by one thread; raises sqlite3's errors."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        # NORMAL survives a crash of the process; only a crash of the machine can lose the latest commits.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def version(self) -> int:
        """Return a number that changes when another process has changed the file."""
        return int(self._database.execute("PRAGMA data_version").fetchone()[0])

    def create(self, topics: Collection[Topic]) -> None:
        """Add missing topics."""
        rows = [(topic.name, topic.partitions) for topic in topics]
        with self._change():
            self._database.executemany("INSERT OR IGNORE INTO topic VALUES (?, ?)", rows)

    def append(self, messages: Sequence[Message]) -> None:
        """Append the messages; raise `MessagesRefused` for those too large, after storing all others.

        Raise `BusUnavailable`, and store nothing, if a topic does not exist.
        """
        too_large = {at: message for at, message in enumerate(messages) if _size(message) > MAX_BYTES}
        with self._change():
            sizes = self._sizes()
            ends: dict[Partition, int] = {}
            rows = []
            for at, message in enumerate(messages):
                if at in too_large:
                    continue
                if message.topic not in sizes:
                    raise BusUnavailable(f"topic {message.topic} does not exist")
                number = zlib.crc32(message.key.encode()) % sizes[message.topic]
                partition = Partition(message.topic, number)
                offset = ends[partition] if partition in ends else self._end(partition)
                ends[partition] = offset + 1
                headers = msgspec.json.encode(message.headers)
                now = time.time_ns() // 1_000_000
                rows.append((*partition, offset, message.key, message.value, headers, now))
            self._database.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        if too_large:
            raise MessagesRefused(dict.fromkeys(too_large, f"more than {MAX_BYTES} bytes"))

    def read(self, positions: Mapping[Partition, int], limit: int) -> list[Record]:
        """Return up to `limit` records from the given offsets, in the order of `positions`."""
        found: list[Record] = []
        for partition, offset in positions.items():
            rows = self._database.execute(
                "SELECT at, key, value, headers, milliseconds FROM record"
                " WHERE topic = ? AND part = ? AND at >= ? ORDER BY at LIMIT ?",
                (*partition, offset, limit - len(found)),
            )
            found += [_record(partition, *row) for row in rows]
        return found

    def partitions(self, topics: Sequence[str]) -> list[Partition]:
        """Return the partitions of the topics; a missing topic has none."""
        sizes = self._sizes()
        return [Partition(topic, number) for topic in topics for number in range(sizes.get(topic, 0))]

    def committed(self, group: str, partitions: Collection[Partition]) -> dict[Partition, int]:
        """Return the group's committed offset of each partition; 0 if it has not committed."""
        rows = self._database.execute("SELECT topic, part, at FROM committed WHERE team = ?", (group,))
        offsets = {Partition(topic, number): offset for topic, number, offset in rows}
        return {partition: offsets.get(partition, 0) for partition in partitions}

    def lag(self, group: str, topics: Sequence[str]) -> dict[Partition, int]:
        """Return how many records of each partition the group has not committed."""
        offsets = self.committed(group, self.partitions(topics))
        ends = self.ends(offsets)
        return {partition: ends[partition] - offset for partition, offset in offsets.items()}

    def ends(self, partitions: Collection[Partition]) -> dict[Partition, int]:
        """Return the offset that the next record of each partition gets."""
        return {partition: self._end(partition) for partition in partitions}

    def assign(self, member: Member) -> Assignment:
        """Acquire the free partitions of the member's share; return its assignment."""
        with self._change():
            self._expire_members()
            self._register(member)
            held, taken = self._leases(member)
            wanted = self._wanted(member)
            new = wanted - held - taken
            rows = [(member.group, *partition, member.id) for partition in new]
            self._database.executemany("INSERT INTO lease VALUES (?, ?, ?, ?)", rows)
        return Assignment(frozenset(held), frozenset(held - wanted), frozenset(new))

    def heartbeat(self, member: Member) -> None:
        """Renew the member's lease; no effect if it has expired."""
        self._database.execute("UPDATE member SET seen = ? WHERE id = ?", (time.time(), member.id))

    def commit(self, member: Member, offsets: Offsets) -> None:
        """Store the offsets of those partitions that the member still owns."""
        with self._change():
            held, _ = self._leases(member)
            rows = [(member.group, *partition, at) for partition, at in offsets.items() if partition in held]
            self._database.executemany("INSERT OR REPLACE INTO committed VALUES (?, ?, ?, ?)", rows)

    def release(self, member: Member, partitions: Collection[Partition]) -> None:
        """Give up the member's leases on the partitions."""
        rows = [(member.id, *partition) for partition in partitions]
        with self._change():
            self._database.executemany("DELETE FROM lease WHERE member = ? AND topic = ? AND part = ?", rows)

    def leave(self, member: Member) -> None:
        """Remove the member and its leases."""
        with self._change():
            self._forget(member.id)

    def _sizes(self) -> dict[str, int]:
        return dict(self._database.execute("SELECT name, partitions FROM topic"))

    def _end(self, partition: Partition) -> int:
        query = "SELECT COALESCE(MAX(at) + 1, 0) FROM record WHERE topic = ? AND part = ?"
        return int(self._database.execute(query, partition).fetchone()[0])

    def _leases(self, member: Member) -> tuple[set[Partition], set[Partition]]:
        query = "SELECT topic, part, member FROM lease WHERE team = ?"
        held: set[Partition] = set()
        taken: set[Partition] = set()
        for topic, number, holder in self._database.execute(query, (member.group,)):
            (held if holder == member.id else taken).add(Partition(topic, number))
        return held, taken

    def _wanted(self, member: Member) -> set[Partition]:
        query = "SELECT id, topics FROM member WHERE team = ? ORDER BY id"
        members = [
            (other, msgspec.json.decode(topics, type=list[str]))
            for other, topics in self._database.execute(query, (member.group,))
        ]
        wanted = set()
        for topic in member.topics:
            sharing = [other for other, topics in members if topic in topics]
            for partition in self.partitions([topic]):
                if sharing[partition.number % len(sharing)] == member.id:
                    wanted.add(partition)
        return wanted

    def _register(self, member: Member) -> None:
        row = (member.id, member.group, msgspec.json.encode(member.topics), time.time())
        self._database.execute("INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?)", row)

    def _expire_members(self) -> None:
        dead = self._database.execute(
            "SELECT id FROM member WHERE seen < ?", (time.time() - EXPIRY_SECONDS,)
        ).fetchall()
        for (member,) in dead:
            self._forget(member)

    def _forget(self, member: str) -> None:
        self._database.execute("DELETE FROM lease WHERE member = ?", (member,))
        self._database.execute("DELETE FROM member WHERE id = ?", (member,))

    @contextmanager
    def _change(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _record(
    partition: Partition, offset: int, key: str, value: bytes, headers: bytes, milliseconds: int
) -> Record:
    time = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return Record(partition, offset, key, value, msgspec.json.decode(headers, type=dict[str, str]), time)


def _size(message: Message) -> int:
    headers = sum(len(name.encode()) + len(text.encode()) for name, text in message.headers.items())
    return len(message.key.encode()) + len(message.value) + headers
