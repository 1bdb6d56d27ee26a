"""Prints the calls that a service makes to others; to be run with that service on the path.

    python consumer_expectations.py PACKAGE SERVICE

It calls every method of every client in the service's wiring once, and records the request instead of sending
it. The clients are thus the only source of the expectations.
"""

import asyncio
import gc
import inspect
import json
import sys
from collections.abc import Collection, Iterator, Mapping
from importlib import import_module
from typing import Any, get_type_hints
from uuid import UUID

import msgspec

SAMPLES: dict[Any, Any] = {
    UUID: UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
    int: 1,
    Collection[str]: ["CHAIR-OAK"],
    Mapping[str, int]: {"CHAIR-OAK": 2},
    Mapping[str, UUID]: {"CHAIR-OAK": UUID("01890a5d-ac96-774b-bcce-b302099a8058")},
}


class Recorded(Exception):
    """Carries a recorded call, which is not sent."""

    def __init__(self, expectation: dict[str, Any]) -> None:
        super().__init__(expectation)
        self.expectation = expectation


async def record(
    client: Any, method: str, path: str, answer: Any, *, body: Any = None, parameters: Any = None, **_: Any
) -> None:
    """Record the call; replaces `ServiceClient.call`."""
    raise Recorded(
        {
            "provider": client.name,
            "method": method.lower(),
            "path": path,
            "query": dict(parameters or {}),
            "body": msgspec.to_builtins(body),
            "answer": None if answer is type(None) else msgspec.json.schema(answer),
        }
    )


def expectations(package: str, service: str) -> Iterator[dict[str, Any]]:
    """Call all clients of the service; yield the recorded calls."""
    service_client = import_module("chassis.http.calls.client").ServiceClient
    service_client.call = record
    wired = import_module(f"{package}.{service}_service.wiring").build()
    clients = [
        each for each in gc.get_objects() if isinstance(getattr(each, "_client", None), service_client)
    ]
    for client in clients:
        for name, method in inspect.getmembers(client, inspect.iscoroutinefunction):
            if not name.startswith("_"):
                yield {"client": f"{service}: {type(client).__name__}.{name}"} | expectation(method)
    del wired


def expectation(method: Any) -> dict[str, Any]:
    """Call a method with a sample of each argument; return the recorded call."""
    hints = get_type_hints(method)
    try:
        asyncio.run(method(*(SAMPLES[hints[name]] for name in inspect.signature(method).parameters)))
    except Recorded as recorded:
        return recorded.expectation
    raise AssertionError(f"{method} makes no call")


if __name__ == "__main__":
    print(json.dumps(list(expectations(*sys.argv[1:]))))
