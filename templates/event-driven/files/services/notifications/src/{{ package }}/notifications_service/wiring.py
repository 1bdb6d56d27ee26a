"""The composition root."""

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..chassis.bus.handling import each
from ..chassis.database import Database, DatabaseSettings
from ..choreography.hosting import TakingPart
from ..hosting import facts
from ..hosting.service import Service
from ..notifications.facts import gather
from ..notifications.sender import LogSender
from ..notifications.service import Notifications
from ..peers.tokens import CalledSettings, Callers
from .tables import held

NAME = "notifications"


def build() -> Service:
    """Return the service that the environment describes; nothing is connected yet."""
    database = Database(DatabaseSettings())
    part = TakingPart(database)
    notifications = Notifications(database, LogSender())
    handle = each({kind: [notifications.handle] for kind in notifications.handles})
    return Service(
        "Notifications",
        build_access(AccessSettings()),
        facts.routers(database, gather, Callers(NAME, CalledSettings().callers)),
        database=database,
        readings=part.readings,
        useful={"bus": part.bus.ping},
        workers=part.dispatchers(NAME, held, handle, together=False),
        closing=[part.close],
    )
