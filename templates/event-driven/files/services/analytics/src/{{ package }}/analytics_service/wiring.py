"""The composition root."""

from ..access.module import AccessSettings
from ..access.module import build as build_access
from ..analytics import api, page
from ..analytics.service import Analytics
from ..analytics.stream import Stream
from ..analytics.views import ViewRecorder
from ..chassis.bus import BusSettings, open_bus
from ..chassis.bus.envelope import message_of
from ..chassis.bus.port import Bus, BusUnavailable
from ..chassis.cache import CacheSettings, open_counters
from ..chassis.database import Database, DatabaseSettings
from ..chassis.events import Event
from ..chassis.ratelimit import RateLimits
from ..chassis.settings import Settings
from ..hosting.service import Service
from ..service_calls.errors import Unavailable


class AnalyticsSettings(Settings):
    """What analytics needs to know of the shop."""

    currency: str = "EUR"
    views_per_address: str = "600/minute"


class BusPublisher:
    """Publishes single events."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def publish(self, topic: str, event: Event) -> None:
        """Return when the event is stored for good; raise `Unavailable` if that does not happen in time."""
        try:
            await self._bus.producer.publish([message_of(event, topic)])
        except BusUnavailable as error:
            raise Unavailable("The bus") from error


def build() -> Service:
    """Return the service that the environment describes; nothing is connected yet."""
    settings = AnalyticsSettings()
    database = Database(DatabaseSettings())
    bus = open_bus(BusSettings())
    analytics = Analytics(database, bus, settings.currency)
    service: Service
    stream = Stream(analytics.summary, lambda: service.health.draining)
    limit = RateLimits(open_counters(CacheSettings())).rule("views", settings.views_per_address)
    routers = [api.router(analytics, stream, ViewRecorder(BusPublisher(bus)), limit), page.router()]
    service = Service(
        "Analytics",
        build_access(AccessSettings()),
        routers,
        database=database,
        optional_checks={"bus": bus.ping},
        tasks=[analytics.run],
        on_close=[bus.close, analytics.close],
    )
    return service
