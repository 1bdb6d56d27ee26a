"""The composition root."""

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..chassis.database import Database, DatabaseSettings
from ..chassis.settings import Settings
from ..hosting import facts
from ..hosting.service import Service
from ..payments import api
from ..payments.facts import gather
from ..payments.ledger import Ledger
from ..payments.wallets import Wallets
from ..peers.tokens import CalledSettings, Callers
from . import internal

NAME = "payments"


class PaymentsSettings(Settings):
    """What payments need to know of the shop."""

    currency: str = "EUR"


def build() -> Service:
    """Return the service that the environment describes; nothing is connected yet."""
    currency = PaymentsSettings().currency
    database = Database(DatabaseSettings())
    callers = Callers(NAME, CalledSettings().callers)
    routers = [
        internal.router(database, Ledger(), callers),
        api.router(Wallets(database, currency), currency),
        *facts.routers(database, gather, callers),
    ]
    return Service("Payments", build_access(AccessSettings()), routers, database=database)
