"""The event-driven shop with faults: its broker can go down, its processes can crash."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from dev.architecture import SERVICE_OF
from tests.broker import Broker, BrokerUnavailable, jars

from ..messages import Messages
from .process_faults import ProcessFaults

EMBEDDED = "embedded"
ORDERS = SERVICE_OF["orders"]
# Failed events are dead-lettered after seconds; in production it takes minutes.
RETRIES = {"BUS_RETRY_DELAYS": "0.5,1"}


class FaultyShop(ProcessFaults):
    """The shop with its own `broker`, or with the embedded bus if there is no broker."""

    def __init__(
        self,
        folder: Path,
        common: Mapping[str, str],
        database_url: Callable[[str], str] | None,
        broker: Broker | None,
    ) -> None:
        bus = {"BUS_URL": broker.url} if broker else {}
        super().__init__(folder, {**common, **RETRIES, **bus}, database_url=database_url)
        self.broker = broker
        self.messages = Messages(self.environments[ORDERS]["BUS_URL"])

    @contextmanager
    def short_timeout(self, seconds: float) -> Iterator[None]:
        """Reject orders that are undecided after `seconds` while the block runs."""
        self._restart_orders({"ORDER_PATIENCE": str(seconds)})
        try:
            yield
        finally:
            self._restart_orders({})

    def dead_letters(self) -> set[str]:
        """Return the ids of all dead letters, as listed by the shop's command."""
        *lines, _ = self.choreography("dead-letters").splitlines()
        return {line.split()[0] for line in lines}

    def _restart_orders(self, timeout: Mapping[str, str]) -> None:
        self.environments[ORDERS].pop("ORDER_PATIENCE", None)
        self.environments[ORDERS].update(timeout)
        self.processes[ORDERS].stop()
        self.launch(ORDERS)
        self.processes[ORDERS].wait_for("/readyz")


@contextmanager
def open_shop(folder: Path, fixture: Callable[[str], Any]) -> Iterator[FaultyShop]:
    """Run the shop while the block runs; its files are in `folder`, `fixture` returns pytest's fixtures."""
    variables, database_url = fixture("variables"), fixture("database_url")
    with _broker(folder) as broker, FaultyShop(folder, variables, database_url, broker).running() as shop:
        yield shop


def _broker(folder: Path) -> AbstractContextManager[Broker | None]:
    """Return a Kafka broker that tests may stop, or None for the embedded bus.

    The embedded bus is used if Java or Maven is missing, or if FAULTS_BUS is `embedded`.
    """
    if os.environ.get("FAULTS_BUS") == EMBEDDED:
        return nullcontext()
    try:
        return Broker(folder, jars(Path("build")))
    except BrokerUnavailable:
        return nullcontext()
