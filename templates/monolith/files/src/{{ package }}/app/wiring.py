"""The composition root: the only place where contexts meet.

Each context declares what it needs in its own `ports.py`; here every port gets another context's service.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import APIRouter

from ..audit.api import router as audit_router
from ..cart import api as cart_api
from ..cart.service import Carts
from ..catalog import api as catalog_api
from ..catalog.service import Catalog
from ..catalog.tables import currency as catalog_currency
from ..chassis.cache import Cache, CacheSettings, open_counters, open_store
from ..chassis.database import Database, DatabaseSettings
from ..chassis.health import Health
from ..chassis.problems import Conflict
from ..chassis.ratelimit import RateLimits
from ..chassis.relay import Relay
from ..chassis.serving.program import MetricSources
from ..chassis.settings import Settings
from ..chassis.startup import StartupCheck
from ..identity.module import IdentitySettings
from ..identity.module import build as build_identity
from ..inventory import api as inventory_api
from ..inventory.reservations import Reservations
from ..inventory.service import StockService
from ..notifications.sender import LogSender
from ..notifications.service import Notifications
from ..orders import api as orders_api
from ..orders.repository import OrderRepository
from ..orders.service import Orders
from ..orders.tables import outbox
from ..payments import api as payments_api
from ..payments.ledger import Ledger
from ..payments.tables import currency as payments_currency
from ..payments.wallets import Wallets
from .audit import Audit
from .order_processor import TransactionalOrderProcessor


class ShopSettings(Settings):
    """Settings of the shop as a whole."""

    currency: str = "EUR"
    audit_enabled: bool = False
    orders_per_user: str = "600/minute"


class Shop:
    """All services of the shop, wired."""

    title = "Shop"

    def __init__(self) -> None:
        """Read the settings; connections are opened on first use."""
        self.settings = ShopSettings()
        currency = self.settings.currency
        self.database = Database(DatabaseSettings())
        self.cache = Cache(open_store(CacheSettings()))
        self.limits = RateLimits(open_counters(CacheSettings()))
        self.identity = build_identity(IdentitySettings(), self.database, self.limits)
        self.catalog = Catalog(self.database, self.cache, currency)
        self.stock_service = StockService(self.database)
        self.carts = Carts(self.database, self.catalog, currency)
        self.wallets = Wallets(self.database, self.identity.users, currency)
        self._order_repository = repository = OrderRepository(self.database)
        processor = TransactionalOrderProcessor(
            self.database, repository, Reservations(), Ledger(), self.carts
        )
        self.orders = Orders(repository, self.catalog, self.carts, processor, currency)
        notifications = Notifications(self.database, LogSender())
        handlers = {kind: [notifications.handle] for kind in notifications.handles}
        self.relay = Relay(self.database, outbox, handlers)
        self.verifier = self.identity.verifier
        self.metric_sources = MetricSources(self.database, self.cache, [outbox])
        self.startup_check = StartupCheck(self.check_currency)
        self.health = Health(
            required={
                "database": self.database.ping,
                "currency": self.startup_check.verify,
                "identity": self.identity.ping,
            },
            optional={"cache": self.cache.ping},
        )

    async def check_currency(self) -> None:
        """Raise `StartupRefused` if the stored amounts are in another currency than the configured one."""
        currency = self.settings.currency
        # Orders first: they name their currency even if the other contexts have not stored it yet.
        await self._order_repository.check_currency(currency)
        await catalog_currency.check(self.database, currency)
        await payments_currency.check(self.database, currency)

    def routers(self) -> list[APIRouter]:
        """Return the routers of all contexts, the busiest first."""
        currency = self.settings.currency
        order_limit = self.limits.rule("orders", self.settings.orders_per_user)
        routers = [
            catalog_api.router(self.catalog, currency),
            orders_api.router(self.orders, order_limit),
            cart_api.router(self.carts),
            payments_api.router(self.wallets, currency),
            inventory_api.router(self.stock_service),
            *self.identity.routers,
        ]
        if self.settings.audit_enabled:
            routers.append(audit_router(Audit(self.database).report))
        return routers

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run background work during the block, then close all connections."""
        await self.startup_check.at_start()
        await self.identity.start()
        with suppress(Conflict):
            # If several processes start at once, one of them creates the administrator.
            await self.identity.seed()
        relay = asyncio.create_task(self.relay.run())
        try:
            yield
        finally:
            relay.cancel()
            with suppress(asyncio.CancelledError):
                await relay
            await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self.identity.stop()
        await self.cache.close()
        await self.database.close()
