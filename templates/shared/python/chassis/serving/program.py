"""What a composition root provides to the server: a wired program and its metric sources."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import APIRouter

from ..auth.security import TokenVerifier
from ..db.database import Database
from ..http.health import Health
from ..messaging.outbox import Outbox

if TYPE_CHECKING:
    # Not loaded by programs without a cache: the client of its store takes about 8 MiB.
    from ..cache import Cache


@dataclass(frozen=True, slots=True)
class GaugeSource:
    """A gauge that is read on demand: `read` returns its value for each value of `label`."""

    name: str
    help: str
    label: str
    read: Callable[[], Coroutine[Any, Any, Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class MetricSources:
    """The parts of a program that metrics are collected from."""

    database: Database | None = None
    cache: "Cache | None" = None
    outboxes: Sequence[Outbox] = ()
    gauge_sources: Sequence[GaugeSource] = ()


class Program(Protocol):
    """A wired program, ready to be served."""

    @property
    def title(self) -> str:
        """The title of its API."""
        ...

    @property
    def document(self) -> str | None:
        """The path of its OpenAPI document; None for a program without an API."""
        ...

    @property
    def health(self) -> Health: ...

    @property
    def verifier(self) -> TokenVerifier:
        """Authenticates callers."""
        ...

    @property
    def metric_sources(self) -> MetricSources: ...

    def routers(self) -> Sequence[APIRouter]:
        """Return its routers, the busiest first: routes are matched in this order."""
        ...

    def running(self) -> AbstractAsyncContextManager[None]:
        """Run background work during the block, then close all connections."""
        ...
