"""The composition root."""

from fastapi import APIRouter

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..audit.api import router as audit_router
from ..chassis.cache import CacheSettings, open_counters
from ..chassis.database import Database, DatabaseSettings
from ..chassis.ratelimit import RateLimits
from ..chassis.relay import Relay
from ..chassis.settings import Settings
from ..hosting.facts import AuditSettings
from ..hosting.service import Service
from ..notifications.sender import LogSender
from ..notifications.service import Notifications
from ..orders import api
from ..orders.book import OrderBook
from ..orders.service import Orders
from ..orders.tables import outbox
from ..peers.client import Peer
from ..peers.readings import circuits
from ..peers.tokens import CallingSettings, ServiceTokens
from ..sagas.cart import CartClearing
from ..sagas.placement import SagaPlacement
from ..sagas.readings import open_sagas
from ..sagas.store import Sagas
from ..sagas.story import Story
from ..sagas.worker import Worker
from .audit import PATIENT, Audit
from .queries import CartClient, CatalogClient
from .steps import CartSteps, InventoryClient, PaymentsClient

NAME = "orders"


class OrdersSettings(Settings):
    """What orders need to know of the shop, and where the services are that they call."""

    currency: str = "EUR"
    orders_per_user: str = "600/minute"
    catalog_url: str
    cart_url: str
    inventory_url: str
    payments_url: str


def build() -> Service:
    """Return the service that the environment describes; nothing is connected yet."""
    settings = OrdersSettings()
    database = Database(DatabaseSettings())
    tokens = ServiceTokens(NAME, CallingSettings().service_key.get_secret_value())
    catalog = Peer("catalog", settings.catalog_url, tokens)
    cart = Peer("cart", settings.cart_url, tokens)
    inventory = Peer("inventory", settings.inventory_url, tokens)
    payments = Peer("payments", settings.payments_url, tokens)

    book = OrderBook(database)
    sagas = Sagas(database, book)
    worker = Worker(sagas, Story(sagas, InventoryClient(inventory), PaymentsClient(payments)))
    placement = SagaPlacement(database, book, sagas, worker)
    orders = Orders(book, CatalogClient(catalog), CartClient(cart), placement, settings.currency)

    consumers = (Notifications(database, LogSender()), CartClearing(CartSteps(cart)))
    kinds = {kind for consumer in consumers for kind in consumer.handles}
    handlers = {kind: [each.handle for each in consumers if kind in each.handles] for kind in kinds}
    relay = Relay(database, outbox, handlers)

    limit = RateLimits(open_counters(CacheSettings())).rule("orders", settings.orders_per_user)
    routers: list[APIRouter] = [api.router(orders, limit)]
    closing = [catalog.close, cart.close, inventory.close, payments.close]
    if AuditSettings().audit_enabled:
        audited = [
            Peer("inventory", settings.inventory_url, tokens, PATIENT),
            Peer("payments", settings.payments_url, tokens, PATIENT),
        ]
        routers.append(audit_router(Audit(database, sagas, *audited).report))
        closing += [peer.close for peer in audited]
    return Service(
        "Orders",
        build_access(AccessSettings()),
        routers,
        database=database,
        outboxes=[outbox],
        readings=[open_sagas(database, sagas), circuits(catalog, cart, inventory, payments)],
        tasks=[worker.run, relay.run],
        closing=closing,
    )
