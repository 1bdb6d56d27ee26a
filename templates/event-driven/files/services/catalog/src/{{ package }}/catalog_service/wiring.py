"""Composition root of the catalog service."""

from functools import partial

from chassis.auth.module import AccessSettings
from chassis.auth.module import build as build_access
from chassis.cache import Cache, CacheSettings, open_store
from chassis.db.currency import Currency
from chassis.db.database import Database, DatabaseSettings
from chassis.http.calls.tokens import CallerSettings, CallerVerifier
from chassis.serving.service import Service
from chassis.settings import Settings

from ..catalog import api
from ..catalog.service import Catalog
from ..catalog.tables import currency as stored_currency
from . import internal

NAME = "catalog"


class CatalogSettings(Settings):
    """Settings of the catalog service."""

    currency: Currency = "EUR"


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    currency = CatalogSettings().currency
    database = Database(DatabaseSettings())
    cache = Cache(open_store(CacheSettings()))
    catalog = Catalog(database, cache, currency)
    caller_verifier = CallerVerifier(NAME, CallerSettings().callers)
    routers = [api.router(catalog, currency), internal.router(catalog, caller_verifier)]
    return Service(
        "Catalog",
        build_access(AccessSettings()),
        routers,
        database=database,
        cache=cache,
        startup_checks={"currency": partial(stored_currency.check, database, currency)},
    )
