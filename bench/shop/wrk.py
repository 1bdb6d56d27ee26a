"""Closed-loop load with wrk, which measures throughput but not latency."""

import json
import secrets
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.servers.process import program

SCRIPT = Path(__file__).with_name("requests.lua")
BOUNDARY = b"\n--boundary--\n"
UNIQUE = "@unique@"
"""Placeholder in a request for a unique text."""


@dataclass(frozen=True, slots=True)
class Request:
    """HTTP request, prepared before measuring."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def raw(self, host: str) -> bytes:
        """Return the request as bytes for `host`."""
        headers = {"Host": host, **self.headers}
        if self.body:
            headers |= {"Content-Length": str(len(self.body))}
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


class FailedRequests(RuntimeError):
    """Some requests failed, so the measured rate is not meaningful."""


def throughput(
    servers: Sequence[str], requests: Sequence[Request], *, connections: int, seconds: int
) -> float:
    """Return the requests per second that `servers` (base URLs) answer with 2xx or 3xx.

    `connections` is the total. Raises FailedRequests if any request failed.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        runs = []
        for number, server in enumerate(servers):
            file = Path(folder, f"{number}.http")
            file.write_bytes(BOUNDARY.join(request.raw(urlsplit(server).netloc) for request in requests))
            skipped = number * len(requests) // len(servers)
            command = [program("wrk"), "--threads", "1", "--connections", str(connections // len(servers))]
            command += ["--duration", f"{seconds}s", "--timeout", "10s", "--script", str(SCRIPT), server]
            command += ["--", str(file), secrets.token_hex(6), str(skipped)]
            run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            runs.append(stack.enter_context(run))
        return sum(_rate(run, seconds) for run in runs)


def _rate(run: subprocess.Popen[str], seconds: int) -> float:
    output, _ = run.communicate(timeout=seconds + 30)
    if run.returncode:
        raise FailedRequests(output)
    summary = json.loads(output.splitlines()[-1])
    if summary["unanswered"] or summary["refused"]:
        raise FailedRequests(f"{summary} from {run.args!r}")
    return float(summary["requests"] / summary["microseconds"] * 1e6)
