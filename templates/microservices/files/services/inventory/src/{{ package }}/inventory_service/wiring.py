"""Composition root of the inventory service."""

from chassis.auth.module import AccessSettings
from chassis.auth.module import build as build_access
from chassis.db.database import Database, DatabaseSettings
from chassis.http.calls.tokens import CallerSettings, CallerVerifier
from chassis.serving import audit
from chassis.serving.service import Service

from ..inventory import api
from ..inventory.audit_snapshot import take_snapshot
from ..inventory.reservations import Reservations
from ..inventory.service import StockService
from . import internal

NAME = "inventory"


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    database = Database(DatabaseSettings())
    caller_verifier = CallerVerifier(NAME, CallerSettings().callers)
    routers = [
        internal.router(database, Reservations(), caller_verifier),
        api.router(StockService(database)),
        *audit.routers(database, take_snapshot, caller_verifier),
    ]
    return Service("Inventory", build_access(AccessSettings()), routers, database=database)
