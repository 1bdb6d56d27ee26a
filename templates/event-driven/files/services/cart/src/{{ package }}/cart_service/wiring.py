"""The composition root."""

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..cart import api
from ..cart.service import Carts
from ..chassis.database import Database, DatabaseSettings
from ..chassis.settings import Settings
from ..choreography.hosting import TakingPart
from ..choreography.steps import Steps
from ..hosting.service import Service
from ..peers.client import Peer
from ..peers.readings import circuits
from ..peers.tokens import CalledSettings, Callers, CallingSettings, ServiceTokens
from . import internal
from .clients import CatalogClient
from .steps import CartSteps
from .tables import held, inbox

NAME = "cart"


class CartSettings(Settings):
    """What the cart needs to know of the shop, and where the catalogue is."""

    currency: str = "EUR"
    catalog_url: str


def build() -> Service:
    """Return the service that the environment describes; nothing is connected yet."""
    settings = CartSettings()
    database = Database(DatabaseSettings())
    part = TakingPart(database)
    tokens = ServiceTokens(NAME, CallingSettings().service_key.get_secret_value())
    catalog = Peer("catalog", settings.catalog_url, tokens)
    carts = Carts(database, CatalogClient(catalog), settings.currency)
    routers = [api.router(carts), internal.router(carts, Callers(NAME, CalledSettings().callers))]
    return Service(
        "Cart",
        build_access(AccessSettings()),
        routers if part.serves else [],
        database=database,
        readings=[*part.readings, circuits(catalog)],
        useful={"bus": part.bus.ping},
        workers=part.dispatchers(NAME, held, Steps(database, inbox, CartSteps(carts).steps)),
        closing=[part.close, catalog.close],
    )
