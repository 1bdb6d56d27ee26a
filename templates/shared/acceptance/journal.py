"""Journal of the orders that a load client saw, as JSON lines. The audit compares it with the shop."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO


class JournalWriter:
    """Writes a journal. The file contains credentials of test users, so only its owner can read it."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file: TextIO = os.fdopen(descriptor, "w", encoding="utf-8")

    def user(self, credential: str) -> None:
        """Record a user whose orders follow."""
        self._write({"user": credential})

    def order(self, credential: str, key: str | None, order: dict[str, Any]) -> None:
        """Record an order as its owner saw it, in the response to a POST with `key` or to another request."""
        self._write({"owner": credential, "key": key, "order": order["id"], "state": order["state"]})

    def close(self) -> None:
        """Flush and close the file."""
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")


@dataclass
class Journal:
    """Observations of a run: the owner and states of each order, the orders of each (owner, key)."""

    users: list[str] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    states: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def read(cls, path: Path) -> Journal:
        """Read a journal; ignore an incomplete last line, which a killed load client leaves."""
        journal = cls()
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                journal.add(json.loads(line))
        return journal

    def add(self, line: dict[str, Any]) -> None:
        """Add one decoded line of the file."""
        if "user" in line:
            self.users.append(line["user"])
            return
        self.owners[line["order"]] = line["owner"]
        self.states[line["order"]].add(line["state"])
        if line["key"] is not None:
            self.keys[line["owner"], line["key"]].add(line["order"])
