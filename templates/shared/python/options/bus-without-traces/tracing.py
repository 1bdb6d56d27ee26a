"""Publication of events in a shop without tracing."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from ..events import Event


def publishing(events: Sequence[Event], topic: str) -> AbstractContextManager[Sequence[Event]]:
    """Return a context manager that yields the events unchanged."""
    return nullcontext(events)
