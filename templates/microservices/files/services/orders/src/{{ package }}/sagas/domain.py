"""What sagas speak of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from ..orders.domain import RejectionReason


class Stage(StrEnum):
    """What has been decided of an order, which says what is still to do. No decision is ever taken back."""

    TRYING = "TRYING"
    PAID = "PAID"
    GIVING_UP = "GIVING_UP"
    CANCELLING = "CANCELLING"


@dataclass(frozen=True, slots=True)
class Saga:
    """An order that is on its way, claimed by a worker.

    `claim` names the claim: who claims later gives it another name, and an earlier one is worth nothing from
    then on, not even for the next saga of the same order. `attempts` counts the runs that failed.
    """

    order_id: UUID
    user_id: UUID
    stage: Stage
    reason: RejectionReason | None
    deadline: datetime
    attempts: int
    claim: UUID


@dataclass(frozen=True, slots=True)
class OverdueSaga:
    """A saga that goes on beyond its deadline, since `last_error` keeps it from ending."""

    order_id: UUID
    stage: Stage
    deadline: datetime
    attempts: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many sagas are open, and how many of these beyond their deadline."""

    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient sagas are. `initial_pause`, `max_pause` and `run_timeout` are in seconds."""

    # Until then an order is tried; afterwards it is given up, unless it is paid.
    timeout: timedelta = timedelta(seconds=10)
    # What a worker claims is its own for so long, and a run ends well before.
    lease: timedelta = timedelta(seconds=15)
    run_timeout: float = 10.0
    initial_pause: float = 0.1
    max_pause: float = 5.0
