"""How long an order may wait for the services that take part in it."""

from pydantic import Field

from chassis.settings import Settings


class PatienceSettings(Settings):
    """An order that is not decided within `order_patience` seconds is rejected (`timeout`).

    The default exceeds the slowest restart of a service, so that only a service that stays down costs orders.
    A pod finishes its work within 20 s (workers; others drain for 5 s), may take 60 s to start (its startup
    probe), is ready at the next readiness probe, up to 5 s later, and a failed step is repeated within 5 s.
    """

    order_patience: float = Field(default=120, gt=0, le=86_400)
