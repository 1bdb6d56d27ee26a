"""What a service needs to take part, put together from the environment."""

from enum import StrEnum

from ..chassis.bus import BusSettings, open_bus
from ..chassis.bus.dispatch import Dispatcher
from ..chassis.bus.dlq import DeadLetters
from ..chassis.bus.handling import Handle, Subscription, Upcast
from ..chassis.bus.held import Held
from ..chassis.bus.publishing import PublishingRelay
from ..chassis.database import Database
from ..chassis.events import Event
from ..chassis.outbox import Outbox
from ..chassis.serving.program import Reading
from ..chassis.settings import Settings
from .readings import readings_of
from .topics import SUBSCRIPTIONS, dead_letter_topics


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
        self.readings: list[Reading] = []
        """What can be measured of those who consume here."""
        self._letters: list[DeadLetters] = []

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
        dispatcher = Dispatcher(self.bus, self._database, held, subscription, delays)
        letters = DeadLetters(self.bus, dead_letter_topics(group))
        self._letters.append(letters)
        self.readings += readings_of(group, dispatcher, letters)
        return [dispatcher]

    async def close(self) -> None:
        """Close the connection."""
        for letters in self._letters:
            await letters.close()
        await self.bus.close()
