"""What a load client saw, for the audit to compare with what the shop says afterwards. JSON lines."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO


class JournalWriter:
    """Appends sightings. The file holds credentials of test users, so only its owner may read it."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file: TextIO = os.fdopen(descriptor, "w", encoding="utf-8")

    def user(self, credential: str) -> None:
        """A user whose orders follow."""
        self._write({"user": credential})

    def order(self, credential: str, key: str | None, order: dict[str, Any]) -> None:
        """An order as its owner was shown it, in answer to a POST under `key`, or to another call."""
        self._write({"owner": credential, "key": key, "order": order["id"], "state": order["state"]})

    def close(self) -> None:
        """Write what is buffered."""
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")


@dataclass
class Journal:
    """What was seen: the owner and the states of each order, the orders of each (owner, key)."""

    users: list[str] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    states: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def read(cls, path: Path) -> Journal:
        """Read a journal; a last line cut short by a kill is left out."""
        journal = cls()
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                journal.add(json.loads(line))
        return journal

    def add(self, line: dict[str, Any]) -> None:
        """Take one line of the file."""
        if "user" in line:
            self.users.append(line["user"])
            return
        self.owners[line["order"]] = line["owner"]
        self.states[line["order"]].add(line["state"])
        if line["key"] is not None:
            self.keys[line["owner"], line["key"]].add(line["order"])
