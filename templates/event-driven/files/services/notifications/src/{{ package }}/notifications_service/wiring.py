"""Composition root of the notifications service."""

from chassis.auth.module import AccessSettings
from chassis.auth.module import build as build_access
from chassis.db.database import Database, DatabaseSettings
from chassis.http.calls.tokens import CallerSettings, CallerVerifier
from chassis.serving import audit
from chassis.serving.service import Service
from choreography.membership import ConsumerGroupMembership

from ..notifications.audit_snapshot import take_snapshot
from ..notifications.sender import LogSender
from ..notifications.service import Notifications
from .tables import blocked_keys

NAME = "notifications"


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    database = Database(DatabaseSettings())
    membership = ConsumerGroupMembership(database)
    notifications = Notifications(database, LogSender())
    return Service(
        "Notifications",
        build_access(AccessSettings()),
        audit.routers(database, take_snapshot, CallerVerifier(NAME, CallerSettings().callers)),
        database=database,
        gauge_sources=membership.gauge_sources,
        optional_checks={"bus": membership.bus.ping},
        workers=membership.dispatchers(NAME, blocked_keys, notifications.handle),
        on_close=[membership.close],
    )
