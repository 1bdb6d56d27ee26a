"""What a service needs to take part, put together from the environment."""

from enum import StrEnum

from ..chassis.bus import BusSettings, open_bus
from ..chassis.bus.dispatch import Dispatcher
from ..chassis.bus.handling import Handle, Subscription, Upcast
from ..chassis.bus.held import Held
from ..chassis.bus.publishing import PublishingRelay
from ..chassis.database import Database
from ..chassis.events import Event
from ..chassis.outbox import Outbox
from ..chassis.settings import Settings
from .topics import SUBSCRIPTIONS


class Role(StrEnum):
    """What a process of a service does."""

    ALL = "all"
    API = "api"
    WORKER = "worker"


class TakingPartSettings(Settings):
    """One process may do all, or some serve requests and others handle events, each in its own number."""

    role: Role = Role.ALL


def as_it_is(event: Event) -> Event:
    """Return the event: there is but one version of it."""
    return event


class TakingPart:
    """A service's connection to the bus."""

    def __init__(self, database: Database) -> None:
        """Connect nothing yet."""
        self._database = database
        self._settings = TakingPartSettings()
        self._bus_settings = BusSettings()
        self.bus = open_bus(self._bus_settings)

    @property
    def serves(self) -> bool:
        """Whether this process answers requests of the shop's users."""
        return self._settings.role is not Role.WORKER

    def relay(self, outbox: Outbox, topic: str) -> PublishingRelay:
        """Return what publishes the events of an outbox."""
        return PublishingRelay(self._database, outbox, self.bus.producer, topic)

    def dispatchers(
        self,
        group: str,
        held: Held,
        handle: Handle,
        *,
        together: bool = True,
        upcast: Upcast = as_it_is,
    ) -> list[Dispatcher]:
        """Return what consumes for a group, if this process does; `upcast` brings old events up to date."""
        if self._settings.role is Role.API:
            return []
        subscription = Subscription(group, SUBSCRIPTIONS[group], handle, together, upcast)
        delays = self._bus_settings.bus_retry_delays
        return [Dispatcher(self.bus, self._database, held, subscription, delays)]
