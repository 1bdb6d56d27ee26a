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
from chassis.serving.service import Service
from chassis.settings import HttpUrl, Settings
from choreography.handlers import IdempotentHandler
from choreography.membership import ConsumerGroupMembership
from choreography.topics import ORDERS

from ..orders import api
from ..orders.administration import OrderAdministration
from ..orders.repository import OrderRepository
from ..orders.service import Orders
from ..orders.tables import outbox
from .handlers import OrderHandlers
from .order_processor import EventOrderProcessor
from .patience import PatienceSettings
from .queries import CartClient, CatalogClient
from .sweeper import Sweeper
from .tables import blocked_keys, inbox

NAME = "orders"


class OrdersSettings(Settings):
    """Settings of the orders service: currency, limits and the URLs of the services it calls."""

    currency: Currency = "EUR"
    orders_per_user: Limit = "600/minute"
    catalog_url: HttpUrl
    cart_url: HttpUrl


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    settings = OrdersSettings()
    database = Database(DatabaseSettings())
    membership = ConsumerGroupMembership(database)
    tokens = ServiceTokens(NAME, ServiceKeySettings().service_key.get_secret_value())
    catalog = ServiceClient("catalog", settings.catalog_url, tokens)
    cart = ServiceClient("cart", settings.cart_url, tokens)

    repository = OrderRepository(database)
    processor = EventOrderProcessor(database, repository)
    orders = Orders(repository, CatalogClient(catalog), CartClient(cart), processor, settings.currency)
    sweeper = Sweeper(database, repository, timedelta(seconds=PatienceSettings().order_patience))

    limit = RateLimits(open_counters(CacheSettings())).rule("orders", settings.orders_per_user)
    return Service(
        "Orders",
        build_access(AccessSettings()),
        [api.router(orders, limit), api.administration(OrderAdministration(repository))]
        if membership.serves_requests
        else [],
        database=database,
        startup_checks={"currency": partial(repository.check_currency, settings.currency)},
        outboxes=[outbox],
        gauge_sources=[*membership.gauge_sources, circuit_gauge(catalog, cart)],
        optional_checks={"bus": membership.bus.ping},
        tasks=[membership.relay(outbox, ORDERS).run, sweeper.run],
        workers=membership.dispatchers(
            NAME, blocked_keys, IdempotentHandler(database, inbox, OrderHandlers(repository))
        ),
        on_close=[membership.close, catalog.close, cart.close],
    )
