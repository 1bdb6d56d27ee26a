"""The composition root."""

from datetime import timedelta

from fastapi import APIRouter
from pydantic import Field

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..audit.api import router as audit_router
from ..chassis.cache import CacheSettings, open_counters
from ..chassis.database import Database, DatabaseSettings
from ..chassis.ratelimit import RateLimits
from ..chassis.settings import Settings
from ..choreography.hosting import TakingPart
from ..choreography.steps import Steps
from ..choreography.topics import ORDERS
from ..hosting.facts import AuditSettings
from ..hosting.service import Service
from ..orders import api
from ..orders.book import OrderBook
from ..orders.service import Orders
from ..orders.tables import outbox
from ..peers.client import Peer
from ..peers.readings import circuits
from ..peers.tokens import CallingSettings, ServiceTokens
from .audit import Audit
from .placement import ToldPlacement
from .queries import CartClient, CatalogClient
from .steps import OrderSteps
from .sweeper import Sweeper
from .tables import held, inbox

NAME = "orders"


class OrdersSettings(Settings):
    """What orders need to know of the shop, and where the services are that they ask.

    An order that is not answered within `order_patience` seconds is rejected.
    """

    currency: str = "EUR"
    orders_per_user: str = "600/minute"
    order_patience: float = Field(default=30, gt=0)
    catalog_url: str
    cart_url: str


def build() -> Service:
    """Return the service that the environment describes; nothing is connected yet."""
    settings = OrdersSettings()
    database = Database(DatabaseSettings())
    part = TakingPart(database)
    tokens = ServiceTokens(NAME, CallingSettings().service_key.get_secret_value())
    catalog = Peer("catalog", settings.catalog_url, tokens)
    cart = Peer("cart", settings.cart_url, tokens)

    book = OrderBook(database)
    placement = ToldPlacement(database, book)
    orders = Orders(book, CatalogClient(catalog), CartClient(cart), placement, settings.currency)
    sweeper = Sweeper(database, book, timedelta(seconds=settings.order_patience))

    limit = RateLimits(open_counters(CacheSettings())).rule("orders", settings.orders_per_user)
    routers: list[APIRouter] = [api.router(orders, limit)]
    closing = [part.close, catalog.close, cart.close]
    if AuditSettings().audit_enabled:
        auditor = Audit(database, part.bus, tokens)
        routers.append(audit_router(auditor.report))
        closing.append(auditor.close)
    return Service(
        "Orders",
        build_access(AccessSettings()),
        routers if part.serves else [],
        database=database,
        outboxes=[outbox],
        readings=[*part.readings, circuits(catalog, cart)],
        useful={"bus": part.bus.ping},
        tasks=[part.relay(outbox, ORDERS).run, sweeper.run],
        workers=part.dispatchers(NAME, held, Steps(database, inbox, OrderSteps(book).steps)),
        closing=closing,
    )
