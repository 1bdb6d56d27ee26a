"""Audit routes: the report of orders, and the snapshots of the services that it compares."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath

from fastapi import APIRouter, Response

from chassis.db.database import Database
from chassis.http.calls.client import CallLimits, ServiceClient
from chassis.http.calls.errors import Unavailable
from chassis.http.calls.server import internal_router
from chassis.http.calls.tokens import CallerSettings, CallerVerifier, ServiceKeySettings, ServiceTokens
from chassis.http.replies import reply
from chassis.messaging.bus import BusSettings, open_bus
from chassis.messaging.bus.port import BusUnavailable
from chassis.project import PACKAGE
from chassis.serving.program import Program
from chassis.settings import HttpUrl, Settings
from choreography.progress import undelivered

from . import api
from .invariants import Report, check_invariants
from .isolation import one_moment
from .snapshot import AuditSnapshot, InventorySnapshot, LedgerSnapshot, NotificationsSnapshot

AUDITED = ("orders", "inventory", "payments", "notifications")
PUBLISHING = ("inventory", "payments")
# Snapshots grow with the number of orders and can take long to send.
AUDIT_LIMITS = CallLimits(call_timeout=60, attempt_timeout=30)


class AuditTargetSettings(Settings):
    """URLs of the services that the audit calls."""

    inventory_url: HttpUrl
    payments_url: HttpUrl
    notifications_url: HttpUrl


def routers(program: Program) -> list[APIRouter]:
    """Return the report of orders, and the snapshot of each other service that takes part in orders."""
    database = program.metric_sources.database
    service = PurePath(program.document or "").stem
    if database is None or service not in AUDITED:
        return []
    return [report_router(database) if service == "orders" else snapshot_router(service, database)]


def snapshot_router(service: str, database: Database) -> APIRouter:
    """Return the route that serves the snapshot of a service as of one moment."""
    # Only the service's own code is there, so its contexts are imported by name.
    take_snapshot = import_module(f"proof.audit.contexts.{service}").take_snapshot
    routes = internal_router(CallerVerifier(service, CallerSettings().callers))

    @routes.get("/facts")
    async def read_facts() -> Response:
        async with one_moment(database) as connection:
            snapshot = await take_snapshot(connection)
            if service in PUBLISHING:
                outbox = import_module(f"{PACKAGE}.{service}_service.tables").outbox
                snapshot = replace(snapshot, waiting=(await outbox.backlog(connection)).waiting)
            return reply(snapshot)

    return routes


def report_router(database: Database) -> APIRouter:
    """Return the route that serves the report; it closes its connections when the service stops."""
    audit = Audit(database)
    routes = api.router(audit.report)

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        yield
        await audit.close()

    routes.lifespan_context = lifespan
    return routes


class Audit:
    """Compares snapshots of the services that take part in orders, fetched one after the other.

    The snapshots are taken at different moments. So if any event is undelivered at the beginning or at the
    end, no order is judged by the snapshots of other services.
    """

    def __init__(self, database: Database) -> None:
        settings = AuditTargetSettings()
        tokens = ServiceTokens("orders", ServiceKeySettings().service_key.get_secret_value())
        self._database = database
        self._bus = open_bus(BusSettings())
        self._inventory = ServiceClient("inventory", settings.inventory_url, tokens, AUDIT_LIMITS)
        self._payments = ServiceClient("payments", settings.payments_url, tokens, AUDIT_LIMITS)
        self._notifications = ServiceClient("notifications", settings.notifications_url, tokens, AUDIT_LIMITS)

    async def report(self) -> Report:
        """Return which invariants hold; raise `Unavailable` if a service does not answer."""
        from .contexts import orders

        waiting = await self._undelivered()
        inventory = await self._inventory.get("/internal/facts", InventorySnapshot)
        ledger = await self._payments.get("/internal/facts", LedgerSnapshot)
        notified = await self._notifications.get("/internal/facts", NotificationsSnapshot)
        async with one_moment(self._database) as connection:
            own = await orders.take_snapshot(connection)
        waiting = waiting or inventory.waiting or ledger.waiting or await self._undelivered()
        in_flight = frozenset(own.orders if waiting or own.waiting else ())
        return check_invariants(AuditSnapshot(inventory, ledger, own, notified, in_flight))

    async def close(self) -> None:
        """Close all connections."""
        for client in (self._inventory, self._payments, self._notifications):
            await client.close()
        await self._bus.close()

    async def _undelivered(self) -> int:
        try:
            return await undelivered(self._bus)
        except BusUnavailable as error:
            raise Unavailable("The bus") from error
