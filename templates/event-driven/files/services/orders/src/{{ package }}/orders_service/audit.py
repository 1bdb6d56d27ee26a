"""Audit of the shop's invariants across services."""

from chassis.db.database import Database
from chassis.http.calls.client import CallLimits, ServiceClient
from chassis.http.calls.errors import Unavailable
from chassis.http.calls.tokens import ServiceTokens
from chassis.messaging.bus import BusSettings
from chassis.messaging.bus.port import Bus, BusUnavailable
from chassis.messaging.bus.retries import RetryPath
from chassis.settings import HttpUrl, Settings
from choreography.topics import SUBSCRIPTIONS

from ..audit.invariants import Report, check_invariants
from ..audit.snapshot import AuditSnapshot, InventorySnapshot, LedgerSnapshot, NotificationsSnapshot
from ..orders import audit_snapshot as orders

# Snapshots grow with the number of orders and can take long to send.
AUDIT_LIMITS = CallLimits(call_timeout=60, attempt_timeout=30)


class AuditTargetSettings(Settings):
    """URLs of the services that only the audit calls."""

    inventory_url: HttpUrl
    payments_url: HttpUrl
    notifications_url: HttpUrl


class Audit:
    """Compares snapshots of the services that take part in orders, fetched one after the other.

    The snapshots are taken at different moments. So if any event is undelivered at the beginning or at the
    end, no order is judged by the snapshots of other services.
    """

    def __init__(self, database: Database, bus: Bus, tokens: ServiceTokens) -> None:
        settings = AuditTargetSettings()
        self._database = database
        self._bus = bus
        self._delays = BusSettings().bus_retry_delays
        self._inventory = ServiceClient("inventory", settings.inventory_url, tokens, AUDIT_LIMITS)
        self._payments = ServiceClient("payments", settings.payments_url, tokens, AUDIT_LIMITS)
        self._notifications = ServiceClient("notifications", settings.notifications_url, tokens, AUDIT_LIMITS)

    async def report(self) -> Report:
        """Return which invariants hold; raise `Unavailable` if a service does not answer."""
        waiting = await self._undelivered()
        inventory = await self._inventory.get("/internal/facts", InventorySnapshot)
        ledger = await self._payments.get("/internal/facts", LedgerSnapshot)
        notified = await self._notifications.get("/internal/facts", NotificationsSnapshot)
        async with self._database.snapshot() as connection:
            own = await orders.take_snapshot(connection)
        waiting = waiting or inventory.waiting or ledger.waiting or await self._undelivered()
        in_flight = frozenset(own.orders if waiting or own.waiting else ())
        return check_invariants(AuditSnapshot(inventory, ledger, own, notified, in_flight))

    async def close(self) -> None:
        """Close all connections."""
        for client in (self._inventory, self._payments, self._notifications):
            await client.close()

    async def _undelivered(self) -> int:
        """Return how many published events are not yet handled, scheduled retries included."""
        paths = {group: RetryPath(group, topics, self._delays) for group, topics in SUBSCRIPTIONS.items()}
        try:
            lags = [await self._bus.lag(group, path.subscribed) for group, path in paths.items()]
        except BusUnavailable as error:
            raise Unavailable("The bus") from error
        return sum(sum(lag.values()) for lag in lags)
