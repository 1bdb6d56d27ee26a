"""Composition root of the orders service."""

from datetime import timedelta
from functools import partial

from chassis.auth.module import AccessSettings
from chassis.auth.module import build as build_access
from chassis.cache import CacheSettings, open_counters
from chassis.db.currency import Currency
from chassis.db.database import Database, DatabaseSettings
from chassis.http.calls.client import ServiceClient
from chassis.http.calls.gauges import circuit_gauge
from chassis.http.calls.tokens import ServiceKeySettings, ServiceTokens
from chassis.http.ratelimit import Limit, RateLimits
from chassis.messaging.relay import Relay
from chassis.serving.service import Service
from chassis.serving.startup import StartupCheck
from chassis.settings import HttpUrl, Settings

from ..notifications.sender import LogSender
from ..notifications.service import Notifications
from ..orders import api
from ..orders.administration import OrderAdministration
from ..orders.repository import OrderRepository
from ..orders.service import Orders
from ..orders.tables import outbox
from ..sagas.cart import CartClearing
from ..sagas.definition import SagaDefinition
from ..sagas.domain import Timing
from ..sagas.gauges import open_sagas_gauge
from ..sagas.order_processor import SagaOrderProcessor
from ..sagas.repository import SagaRepository
from ..sagas.worker import SagaWorker
from .patience import PatienceSettings
from .queries import CartClient, CatalogClient
from .saga_clients import CartRemovalClient, InventoryClient, PaymentsClient

NAME = "orders"


class OrdersSettings(Settings):
    """Settings of the orders service: currency, limits and the URLs of the services it calls."""

    currency: Currency = "EUR"
    orders_per_user: Limit = "600/minute"
    catalog_url: HttpUrl
    cart_url: HttpUrl
    inventory_url: HttpUrl
    payments_url: HttpUrl


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    settings = OrdersSettings()
    database = Database(DatabaseSettings())
    tokens = ServiceTokens(NAME, ServiceKeySettings().service_key.get_secret_value())
    catalog = ServiceClient("catalog", settings.catalog_url, tokens)
    cart = ServiceClient("cart", settings.cart_url, tokens)
    inventory = ServiceClient("inventory", settings.inventory_url, tokens)
    payments = ServiceClient("payments", settings.payments_url, tokens)

    repository = OrderRepository(database)
    timing = Timing(timeout=timedelta(seconds=PatienceSettings().order_patience))
    sagas = SagaRepository(database, repository, timing)
    worker = SagaWorker(sagas, SagaDefinition(sagas, InventoryClient(inventory), PaymentsClient(payments)))
    processor = SagaOrderProcessor(database, repository, sagas, worker)
    orders = Orders(repository, CatalogClient(catalog), CartClient(cart), processor, settings.currency)

    consumers = (Notifications(database, LogSender()), CartClearing(CartRemovalClient(cart)))
    relay = Relay(database, outbox, [consumer.handle for consumer in consumers])

    limit = RateLimits(open_counters(CacheSettings())).rule("orders", settings.orders_per_user)
    return Service(
        "Orders",
        build_access(AccessSettings()),
        [api.router(orders, limit), api.administration(OrderAdministration(repository))],
        database=database,
        startup_checks={"currency": StartupCheck(partial(repository.check_currency, settings.currency))},
        outboxes=[outbox],
        gauge_sources=[open_sagas_gauge(database, sagas), circuit_gauge(catalog, cart, inventory, payments)],
        tasks=[worker.run, relay.run],
        on_close=[catalog.close, cart.close, inventory.close, payments.close],
    )
