"""Domain model of sagas."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from ..orders.domain import RejectionReason


class Stage(StrEnum):
    """The decision taken about an order, which determines the remaining steps. Decisions are final."""

    TRYING = "TRYING"
    PAID = "PAID"
    GIVING_UP = "GIVING_UP"
    CANCELLING = "CANCELLING"


@dataclass(frozen=True, slots=True)
class Saga:
    """An order in flight, claimed by a worker.

    `claim` is a fencing token: every later claim replaces it, so an earlier one is invalid from then on, even
    for the next saga of the same order. `attempts` counts failed runs. `traceparent` is the trace context of
    the request that opened the saga.
    """

    order_id: UUID
    user_id: UUID
    stage: Stage
    reason: RejectionReason | None
    deadline: datetime
    attempts: int
    claim: UUID
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class OverdueSaga:
    """A saga past its deadline; `last_error` is why its latest run failed."""

    order_id: UUID
    stage: Stage
    deadline: datetime
    attempts: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """Number of open sagas, and how many of them are past their deadline."""

    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Time limits of sagas. `run_timeout`, `initial_pause` and `max_pause` are in seconds."""

    # Past it, an order that is not paid is rejected.
    timeout: timedelta
    # How long a claim is exclusive. Longer than `run_timeout`, so that a run ends before its lease.
    lease: timedelta = timedelta(seconds=15)
    run_timeout: float = 10.0
    initial_pause: float = 0.1
    max_pause: float = 5.0
