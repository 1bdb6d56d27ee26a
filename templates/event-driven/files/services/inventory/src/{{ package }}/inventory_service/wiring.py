"""Composition root of the inventory service."""

from dataclasses import replace

from chassis.auth.module import AccessSettings
from chassis.auth.module import build as build_access
from chassis.db.connections import Connection
from chassis.db.database import Database, DatabaseSettings
from chassis.http.calls.tokens import CallerSettings, CallerVerifier
from chassis.serving import audit
from chassis.serving.service import Service
from choreography.handlers import IdempotentHandler
from choreography.membership import ConsumerGroupMembership
from choreography.topics import INVENTORY

from ..audit.snapshot import InventorySnapshot
from ..inventory import api
from ..inventory.audit_snapshot import take_snapshot
from ..inventory.reservations import Reservations
from ..inventory.service import StockService
from .handlers import InventoryHandlers
from .tables import blocked_keys, inbox, outbox

NAME = "inventory"


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    database = Database(DatabaseSettings())
    membership = ConsumerGroupMembership(database)
    caller_verifier = CallerVerifier(NAME, CallerSettings().callers)
    handle = IdempotentHandler(database, inbox, InventoryHandlers(Reservations()))
    routers = [api.router(StockService(database)), *audit.routers(database, audit_snapshot, caller_verifier)]
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


async def audit_snapshot(connection: Connection) -> InventorySnapshot:
    """Return the audit snapshot, including the number of events not yet published."""
    return replace(await take_snapshot(connection), waiting=(await outbox.backlog(connection)).waiting)
