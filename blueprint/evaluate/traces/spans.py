"""Spans of traces, as both formats have them."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Kind = Literal["internal", "server", "client", "producer", "consumer"]
KINDS: tuple[Kind, ...] = ("internal", "server", "client", "producer", "consumer")


class Span(NamedTuple):
    """One step of a request. `parent` is the id of the step that waits for it or caused it, or empty."""

    trace: str
    id: str
    parent: str
    service: str
    name: str
    kind: Kind
    attributes: Mapping[str, Any]

    def first(self, *names: str) -> str:
        """Return the first of these attributes that the span has, or an empty text."""
        return next((str(self.attributes[name]) for name in names if self.attributes.get(name)), "")


def kind_named(name: object) -> Kind:
    """Return a kind of span by its name in any case."""
    text = str(name).lower()
    return next((kind for kind in KINDS if kind == text), "internal")
