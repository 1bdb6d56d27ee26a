"""Prints what a program wires, as JSON; to be run with the program on the path.

    python wiring.py PACKAGE MODULE:FACTORY CONTEXT...

`calls` are the pairs of contexts of which one holds objects of the other. `clients` are the pairs of a
context and a service for which it holds a client, and `routes` those of a context and a path that it serves.
"""

import gc
import json
import sys
from collections.abc import Collection, Iterator
from importlib import import_module
from types import MethodType
from typing import Any

CONTAINERS = (dict, list, tuple, set, frozenset, MethodType)


class Wiring:
    """The objects of a program, by context."""

    def __init__(self, package: str, contexts: Collection[str]) -> None:
        self._own = (f"{package}.", "chassis.")
        self._contexts = {f"{package}.{context}": context for context in contexts}

    def context_of(self, module: object) -> str | None:
        """Return the context that a module belongs to; None for others, such as the composition root."""
        # Classes of libraries may have a descriptor instead of a name.
        return self._contexts.get(".".join(str(module).split(".")[:2]))

    def connections(self) -> Iterator[tuple[str, object]]:
        """Yield each context with the objects of others, and the clients, that it holds."""
        for each in gc.get_objects():
            if context := self.context_of(type(each).__module__):
                yield from ((context, other) for other in self._held(each, context))

    def _held(self, start: object, home: str) -> Iterator[object]:
        """Follow the references from an object through those of no other context."""
        waiting, seen = [start], {id(start)}
        while waiting:
            for each in gc.get_referents(waiting.pop()):
                if id(each) in seen:
                    continue
                seen.add(id(each))
                module = str(type(each).__module__)
                if self.context_of(module) not in (None, home) or type(each).__name__ == "ServiceClient":
                    yield each
                elif isinstance(each, CONTAINERS) or module.startswith(self._own):
                    waiting.append(each)


def describe(package: str, factory: str, *contexts: str) -> dict[str, Any]:
    """Build the program and return what it wires."""
    module, _, name = factory.partition(":")
    program = getattr(import_module(module), name)()
    wiring = Wiring(package, contexts)
    found = list(wiring.connections())
    routes = [route for router in program.routers() for route in router.routes]
    pairs = {
        "calls": {(context, wiring.context_of(type(other).__module__)) for context, other in found},
        "clients": {(context, getattr(other, "name", None)) for context, other in found},
        "routes": {(wiring.context_of(route.endpoint.__module__), route.path) for route in routes},
    }
    return {kind: sorted(pair for pair in each if None not in pair) for kind, each in pairs.items()}


if __name__ == "__main__":
    print(json.dumps(describe(*sys.argv[1:])))
