"""Composition root of the inventory service."""

from chassis.auth.module import AccessSettings
from chassis.auth.module import build as build_access
from chassis.db.database import Database, DatabaseSettings
from chassis.serving.service import Service
from choreography.handlers import IdempotentHandler
from choreography.membership import ConsumerGroupMembership
from choreography.topics import INVENTORY

from ..inventory import api
from ..inventory.reservations import Reservations
from ..inventory.service import StockService
from .handlers import InventoryHandlers
from .tables import blocked_keys, inbox, outbox

NAME = "inventory"


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    database = Database(DatabaseSettings())
    membership = ConsumerGroupMembership(database)
    handle = IdempotentHandler(database, inbox, InventoryHandlers(Reservations()))
    routers = [api.router(StockService(database))]
    return Service(
        "Inventory",
        build_access(AccessSettings()),
        routers if membership.serves_requests else [],
        database=database,
        outboxes=[outbox],
        gauge_sources=membership.gauge_sources,
        optional_checks={"bus": membership.bus.ping},
        tasks=[membership.relay(outbox, INVENTORY).run],
        workers=membership.dispatchers(NAME, blocked_keys, handle),
        on_close=[membership.close],
    )
