"""The composition root."""

from dataclasses import replace

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..audit.facts import InventoryFacts
from ..chassis.connections import Connection
from ..chassis.database import Database, DatabaseSettings
from ..choreography.hosting import TakingPart
from ..choreography.steps import Steps
from ..choreography.topics import INVENTORY
from ..hosting import facts
from ..hosting.service import Service
from ..inventory import api
from ..inventory.facts import gather
from ..inventory.reservations import Reservations
from ..inventory.service import Shelf
from ..peers.tokens import CalledSettings, Callers
from .steps import InventorySteps
from .tables import held, inbox, outbox

NAME = "inventory"


def build() -> Service:
    """Return the service that the environment describes; nothing is connected yet."""
    database = Database(DatabaseSettings())
    part = TakingPart(database)
    callers = Callers(NAME, CalledSettings().callers)
    handle = Steps(database, inbox, InventorySteps(Reservations()).steps)
    routers = [api.router(Shelf(database)), *facts.routers(database, report, callers)]
    return Service(
        "Inventory",
        build_access(AccessSettings()),
        routers if part.serves else [],
        database=database,
        outboxes=[outbox],
        readings=part.readings,
        useful={"bus": part.bus.ping},
        tasks=[part.relay(outbox, INVENTORY).run],
        workers=part.dispatchers(NAME, held, handle),
        closing=[part.close],
    )


async def report(connection: Connection) -> InventoryFacts:
    """Return what the audit wants to know, and how much is not told yet of what was decided."""
    return replace(await gather(connection), waiting=(await outbox.backlog(connection)).waiting)
