"""Composition root of the analytics service."""

from functools import partial

from chassis.auth.module import AccessSettings
from chassis.auth.module import build as build_access
from chassis.cache import CacheSettings, open_counters
from chassis.db.currency import Currency
from chassis.db.database import Database, DatabaseSettings
from chassis.http.calls.errors import Unavailable
from chassis.http.ratelimit import Limit, RateLimits
from chassis.messaging.bus import BusSettings, open_bus
from chassis.messaging.bus.envelope import message_of
from chassis.messaging.bus.port import Bus, BusUnavailable
from chassis.messaging.events import Event
from chassis.serving.service import Service
from chassis.settings import Settings

from ..analytics import api, page
from ..analytics.service import Analytics
from ..analytics.stream import Stream
from ..analytics.tables import currency as stored_currency
from ..analytics.views import ViewRecorder


class AnalyticsSettings(Settings):
    """Settings of the analytics service."""

    currency: Currency = "EUR"
    views_per_address: Limit = "600/minute"


class BusPublisher:
    """Publishes single events to the bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def publish(self, topic: str, event: Event) -> None:
        """Return when the event is stored durably; raise `Unavailable` if the bus does not respond."""
        try:
            await self._bus.producer.publish([message_of(event, topic)])
        except BusUnavailable as error:
            raise Unavailable("The bus") from error


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    settings = AnalyticsSettings()
    currency = settings.currency
    database = Database(DatabaseSettings())
    bus = open_bus(BusSettings())
    analytics = Analytics(database, bus, currency)
    service: Service
    stream = Stream(analytics.summary, lambda: service.health.draining)
    limit = RateLimits(open_counters(CacheSettings())).rule("views", settings.views_per_address)
    routers = [api.router(analytics, stream, ViewRecorder(BusPublisher(bus)), limit), page.router()]
    service = Service(
        "Analytics",
        build_access(AccessSettings()),
        routers,
        database=database,
        startup_checks={"currency": partial(stored_currency.check, database, currency)},
        optional_checks={"bus": bus.ping},
        tasks=[analytics.run],
        on_close=[bus.close, analytics.close],
    )
    return service
