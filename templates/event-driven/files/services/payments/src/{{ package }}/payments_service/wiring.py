"""Composition root of the payments service."""

from dataclasses import replace

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..audit.snapshot import LedgerSnapshot
from ..chassis.connections import Connection
from ..chassis.database import Database, DatabaseSettings
from ..chassis.settings import Settings
from ..choreography.handlers import IdempotentHandler
from ..choreography.membership import ConsumerGroupMembership
from ..choreography.topics import PAYMENTS
from ..choreography.upcasting import stock_reserved
from ..hosting import audit
from ..hosting.service import Service
from ..payments import api
from ..payments.audit_snapshot import take_snapshot
from ..payments.ledger import Ledger
from ..payments.wallets import Wallets
from ..service_calls.tokens import CallerSettings, CallerVerifier
from .handlers import PaymentHandlers
from .tables import blocked_keys, inbox, outbox

NAME = "payments"


class PaymentsSettings(Settings):
    """Settings of the payments service."""

    currency: str = "EUR"


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    currency = PaymentsSettings().currency
    database = Database(DatabaseSettings())
    membership = ConsumerGroupMembership(database)
    caller_verifier = CallerVerifier(NAME, CallerSettings().callers)
    handle = IdempotentHandler(database, inbox, PaymentHandlers(Ledger()))
    routers = [
        api.router(Wallets(database, currency), currency),
        *audit.routers(database, audit_snapshot, caller_verifier),
    ]
    return Service(
        "Payments",
        build_access(AccessSettings()),
        routers if membership.serves_requests else [],
        database=database,
        outboxes=[outbox],
        gauge_sources=membership.gauge_sources,
        optional_checks={"bus": membership.bus.ping},
        tasks=[membership.relay(outbox, PAYMENTS).run],
        workers=membership.dispatchers(NAME, blocked_keys, handle, upcast=stock_reserved(currency)),
        on_close=[membership.close],
    )


async def audit_snapshot(connection: Connection) -> LedgerSnapshot:
    """Return the audit snapshot, including the number of events not yet published."""
    return replace(await take_snapshot(connection), waiting=(await outbox.backlog(connection)).waiting)
