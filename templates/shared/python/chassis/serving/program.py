"""What a composition root hands over to be served."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import APIRouter

from ..cache import Cache
from ..database import Database
from ..health import Health
from ..outbox import Outbox
from ..security import TokenVerifier


@dataclass(frozen=True, slots=True)
class GaugeSource:
    """A figure that is read when somebody asks: `read` returns its value for each value of `label`."""

    name: str
    help: str
    label: str
    read: Callable[[], Coroutine[Any, Any, Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class MetricSources:
    """The parts of a program that can be measured."""

    database: Database | None = None
    cache: Cache | None = None
    outboxes: Sequence[Outbox] = ()
    gauge_sources: Sequence[GaugeSource] = ()


class Program(Protocol):
    """A program, wired."""

    @property
    def title(self) -> str:
        """What its interface is called."""
        ...

    @property
    def health(self) -> Health: ...

    @property
    def verifier(self) -> TokenVerifier:
        """Tells who is calling."""
        ...

    @property
    def metric_sources(self) -> MetricSources: ...

    def routers(self) -> Sequence[APIRouter]:
        """Return its HTTP interfaces, the busiest first: a request is compared with one after the other."""
        ...

    def running(self) -> AbstractAsyncContextManager[None]:
        """Run what works in the background while the block runs; then close all connections."""
        ...
