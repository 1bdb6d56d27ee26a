"""Composition root of the cart service."""

from chassis.auth.module import AccessSettings
from chassis.auth.module import build as build_access
from chassis.db.currency import Currency
from chassis.db.database import Database, DatabaseSettings
from chassis.http.calls.client import ServiceClient
from chassis.http.calls.gauges import circuit_gauge
from chassis.http.calls.tokens import CallerSettings, CallerVerifier, ServiceKeySettings, ServiceTokens
from chassis.serving.service import Service
from chassis.settings import HttpUrl, Settings
from choreography.handlers import IdempotentHandler
from choreography.membership import ConsumerGroupMembership

from ..cart import api
from ..cart.service import Carts
from . import internal
from .clients import CatalogClient
from .handlers import CartHandlers
from .tables import blocked_keys, inbox

NAME = "cart"


class CartSettings(Settings):
    """Settings of the cart service: currency and the URL of the catalog."""

    currency: Currency = "EUR"
    catalog_url: HttpUrl


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    settings = CartSettings()
    database = Database(DatabaseSettings())
    membership = ConsumerGroupMembership(database)
    tokens = ServiceTokens(NAME, ServiceKeySettings().service_key.get_secret_value())
    catalog = ServiceClient("catalog", settings.catalog_url, tokens)
    carts = Carts(database, CatalogClient(catalog), settings.currency)
    routers = [api.router(carts), internal.router(carts, CallerVerifier(NAME, CallerSettings().callers))]
    return Service(
        "Cart",
        build_access(AccessSettings()),
        routers if membership.serves_requests else [],
        database=database,
        gauge_sources=[*membership.gauge_sources, circuit_gauge(catalog)],
        optional_checks={"bus": membership.bus.ping},
        workers=membership.dispatchers(
            NAME, blocked_keys, IdempotentHandler(database, inbox, CartHandlers(carts))
        ),
        on_close=[membership.close, catalog.close],
    )
