"""The composition root."""

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..chassis.database import Database, DatabaseSettings
from ..hosting import facts
from ..hosting.service import Service
from ..inventory import api
from ..inventory.facts import gather
from ..inventory.reservations import Reservations
from ..inventory.service import Shelf
from ..peers.tokens import CalledSettings, Callers
from . import internal

NAME = "inventory"


def build() -> Service:
    """Return the service that the environment describes; nothing is connected yet."""
    database = Database(DatabaseSettings())
    callers = Callers(NAME, CalledSettings().callers)
    routers = [
        internal.router(database, Reservations(), callers),
        api.router(Shelf(database)),
        *facts.routers(database, gather, callers),
    ]
    return Service("Inventory", build_access(AccessSettings()), routers, database=database)
