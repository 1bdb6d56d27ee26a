"""Prints what a service expects of those it calls, run as that service.

    python consumer_expectations.py PACKAGE SERVICE

Every method of every client that the service is wired with is called once, and the call is kept from being
sent. So what is expected stands nowhere but in the clients.
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
}


class Recorded(Exception):
    """A call, instead of being sent."""

    def __init__(self, expectation: dict[str, Any]) -> None:
        super().__init__(expectation)
        self.expectation = expectation


async def record(
    client: Any, method: str, path: str, answer: Any, *, body: Any = None, parameters: Any = None, **_: Any
) -> None:
    """Take the place of `ServiceClient.call`."""
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
    """Call all clients of the service."""
    service_client = import_module(f"{package}.service_calls.client").ServiceClient
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
    """Call a method with a sample of each of its arguments, and return what it would have sent."""
    hints = get_type_hints(method)
    try:
        asyncio.run(method(*(SAMPLES[hints[name]] for name in inspect.signature(method).parameters)))
    except Recorded as recorded:
        return recorded.expectation
    raise AssertionError(f"{method} calls nobody")


if __name__ == "__main__":
    print(json.dumps(list(expectations(*sys.argv[1:]))))
