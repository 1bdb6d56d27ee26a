"""Trace context of a shop without tracing."""

from contextlib import AbstractContextManager, nullcontext

from ..messaging.events import Event


def traceparent() -> str | None:
    """Return None: there is no trace to propagate."""
    return None


def note_event(type: str, key: str) -> None:
    """Do nothing."""


def delivering(event: Event) -> AbstractContextManager[object]:
    """Return a context manager that does nothing."""
    return nullcontext()


def calling(service: str, method: str) -> AbstractContextManager[object]:
    """Return a context manager that does nothing."""
    return nullcontext()


def continuing(name: str, parent: str | None, key: str) -> AbstractContextManager[object]:
    """Return a context manager that does nothing."""
    return nullcontext()
