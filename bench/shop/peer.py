"""Peer to compare with: another running backend and its requests."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .wrk import Request

KINDS = ("read", "write", "login")
"""Kinds of requests: read one row by key, change one row by key, log in with a password."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Backend on 127.0.0.1, and its requests of each of KINDS, sent in turn."""

    name: str
    url: str
    requests: Mapping[str, Sequence[Request]]


def read(file: Path) -> Peer:
    """Read `{"name", "url", KIND: [{"method", "path", "headers", "body"}]}`; the last two are optional."""
    told = json.loads(file.read_text())
    requests = {
        kind: [
            Request(each["method"], each["path"], each.get("headers", {}), each.get("body", "").encode())
            for each in told[kind]
        ]
        for kind in KINDS
    }
    return Peer(told["name"], told["url"], requests)
