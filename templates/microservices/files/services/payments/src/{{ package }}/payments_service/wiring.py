"""Composition root of the payments service."""

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..chassis.database import Database, DatabaseSettings
from ..chassis.settings import Settings
from ..hosting import audit
from ..hosting.service import Service
from ..payments import api
from ..payments.audit_snapshot import take_snapshot
from ..payments.ledger import Ledger
from ..payments.wallets import Wallets
from ..service_calls.tokens import CallerSettings, CallerVerifier
from . import internal

NAME = "payments"


class PaymentsSettings(Settings):
    """Settings of the payments service."""

    currency: str = "EUR"


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    currency = PaymentsSettings().currency
    database = Database(DatabaseSettings())
    caller_verifier = CallerVerifier(NAME, CallerSettings().callers)
    routers = [
        internal.router(database, Ledger(), caller_verifier),
        api.router(Wallets(database, currency), currency),
        *audit.routers(database, take_snapshot, caller_verifier),
    ]
    return Service("Payments", build_access(AccessSettings()), routers, database=database)
