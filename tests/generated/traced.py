"""Spans of a shop's processes, as a collector gets them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.process import free_port, listening, running

from .environment import python_for_all

COLLECTOR = Path(__file__).parent / "span_collector.py"
Span = dict[str, Any]


@contextmanager
def collecting(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the address of a collector of traces, and the file to which it writes spans."""
    port, file = free_port(), folder / "spans.jsonl"
    command = [python_for_all(), str(COLLECTOR), str(port), str(file)]
    with running(command, ready=lambda: listening(port), log=folder / "collector.log", cwd=folder):
        yield f"http://127.0.0.1:{port}", file


def read(file: Path) -> list[Span]:
    """Return the spans of a file."""
    return [json.loads(line) for line in file.read_text().splitlines()]


def services_by_trace(spans: Iterable[Span]) -> list[set[str]]:
    """Return the services that take part in each trace."""
    services = defaultdict(set)
    for span in spans:
        services[span["trace"]].add(span["service"])
    return list(services.values())
