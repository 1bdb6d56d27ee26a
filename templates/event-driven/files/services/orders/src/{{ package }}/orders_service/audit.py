"""The audit: do the services, taken together, keep the shop's invariants?"""

from ..audit.facts import Facts, InventoryFacts, LedgerFacts, NotificationFacts
from ..audit.invariants import Report, examine
from ..chassis.bus import BusSettings
from ..chassis.bus.port import Bus, BusUnavailable
from ..chassis.bus.retries import RetryPath
from ..chassis.database import Database
from ..chassis.settings import Settings
from ..choreography.topics import SUBSCRIPTIONS
from ..orders import facts as orders
from ..peers.client import Limits, Peer
from ..peers.errors import Unavailable
from ..peers.tokens import ServiceTokens

# What a service knows may be long.
PATIENT = Limits(call=60, attempt=30)


class AuditedSettings(Settings):
    """Where the services are that the audit asks, and nobody else of this service."""

    inventory_url: str
    payments_url: str
    notifications_url: str


class Audit:
    """Asks every service that takes part in orders, one after the other.

    Their answers are of different moments. So as long as anything is on its way, at the beginning or at the
    end, no order is judged by what others know of it.
    """

    def __init__(self, database: Database, bus: Bus, tokens: ServiceTokens) -> None:
        settings = AuditedSettings()
        self._database = database
        self._bus = bus
        self._delays = BusSettings().bus_retry_delays
        self._inventory = Peer("inventory", settings.inventory_url, tokens, PATIENT)
        self._payments = Peer("payments", settings.payments_url, tokens, PATIENT)
        self._notifications = Peer("notifications", settings.notifications_url, tokens, PATIENT)

    async def report(self) -> Report:
        """Return which invariants hold; raise `Unavailable` when a service does not answer."""
        waiting = await self._waiting()
        inventory = await self._inventory.get("/internal/facts", InventoryFacts)
        ledger = await self._payments.get("/internal/facts", LedgerFacts)
        told = await self._notifications.get("/internal/facts", NotificationFacts)
        async with self._database.snapshot() as connection:
            ours = await orders.gather(connection)
        waiting = waiting or inventory.waiting or ledger.waiting or await self._waiting()
        moving = frozenset(ours.orders if waiting or ours.waiting else ())
        return examine(Facts(inventory, ledger, ours, told, moving))

    async def close(self) -> None:
        """Close all connections."""
        for peer in (self._inventory, self._payments, self._notifications):
            await peer.close()

    async def _waiting(self) -> int:
        """Return how many events were told and not heard yet, those that are tried again later included."""
        paths = {group: RetryPath(group, topics, self._delays) for group, topics in SUBSCRIPTIONS.items()}
        try:
            lags = [await self._bus.lag(group, path.subscribed) for group, path in paths.items()]
        except BusUnavailable as error:
            raise Unavailable("The bus") from error
        return sum(sum(lag.values()) for lag in lags)
