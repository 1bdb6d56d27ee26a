"""The composition root."""

from dataclasses import replace

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..audit.facts import LedgerFacts
from ..chassis.connections import Connection
from ..chassis.database import Database, DatabaseSettings
from ..chassis.settings import Settings
from ..choreography.hosting import TakingPart
from ..choreography.steps import Steps
from ..choreography.topics import PAYMENTS
from ..choreography.upcasting import stock_reserved
from ..hosting import facts
from ..hosting.service import Service
from ..payments import api
from ..payments.facts import gather
from ..payments.ledger import Ledger
from ..payments.wallets import Wallets
from ..peers.tokens import CalledSettings, Callers
from .steps import PaymentSteps
from .tables import held, inbox, outbox

NAME = "payments"


class PaymentsSettings(Settings):
    """What payments need to know of the shop."""

    currency: str = "EUR"


def build() -> Service:
    """Return the service that the environment describes; nothing is connected yet."""
    currency = PaymentsSettings().currency
    database = Database(DatabaseSettings())
    part = TakingPart(database)
    callers = Callers(NAME, CalledSettings().callers)
    handle = Steps(database, inbox, PaymentSteps(Ledger()).steps)
    routers = [api.router(Wallets(database, currency), currency), *facts.routers(database, report, callers)]
    return Service(
        "Payments",
        build_access(AccessSettings()),
        routers if part.serves else [],
        database=database,
        outboxes=[outbox],
        readings=part.readings,
        useful={"bus": part.bus.ping},
        tasks=[part.relay(outbox, PAYMENTS).run],
        workers=part.dispatchers(NAME, held, handle, upcast=stock_reserved(currency)),
        closing=[part.close],
    )


async def report(connection: Connection) -> LedgerFacts:
    """Return what the audit wants to know, and how much is not told yet of what was decided."""
    return replace(await gather(connection), waiting=(await outbox.backlog(connection)).waiting)
