"""Consumer group membership of a service, configured by the environment."""

from enum import StrEnum

from chassis.db.database import Database
from chassis.messaging.bus import BusSettings, open_bus
from chassis.messaging.bus.blocked_keys import BlockedKeys
from chassis.messaging.bus.dead_letters import DeadLetterTimes
from chassis.messaging.bus.dispatcher import Dispatcher
from chassis.messaging.bus.publishing import PublishingRelay
from chassis.messaging.bus.record_processor import Subscription, Upcast
from chassis.messaging.events import BatchHandler, Event
from chassis.messaging.outbox import Outbox
from chassis.serving.program import GaugeSource
from chassis.settings import Settings

from .gauges import Member, group_gauge_sources
from .topics import SUBSCRIPTIONS, dead_letter_topics


class Role(StrEnum):
    """The part of a service that a process runs."""

    ALL = "all"
    API = "api"
    WORKER = "worker"


class RoleSettings(Settings):
    """A process runs the API, the event handlers, or both, so that each scales independently."""

    role: Role = Role.ALL


def no_upcast(event: Event) -> Event:
    """Return the event unchanged: its service consumes no event with several versions."""
    return event


class ConsumerGroupMembership:
    """Connection of a service to the bus, and its membership in consumer groups."""

    def __init__(self, database: Database) -> None:
        """Prepare the bus without connecting to it."""
        self._database = database
        self._settings = RoleSettings()
        self._bus_settings = BusSettings()
        self.bus = open_bus(self._bus_settings)
        self.dispatchers: list[Dispatcher] = []
        """Dispatch the events of the groups that this process belongs to; none in an API-only process."""
        self._members: dict[str, Member] = {}

    @property
    def serves_requests(self) -> bool:
        """Whether this process serves user requests."""
        return self._settings.role is not Role.WORKER

    @property
    def gauge_sources(self) -> list[GaugeSource]:
        """Metrics of the groups that this process has joined."""
        return group_gauge_sources(self._members) if self._members else []

    def relay(self, outbox: Outbox, topic: str) -> PublishingRelay:
        """Return the relay that publishes the events of `outbox` to `topic`."""
        return PublishingRelay(self._database, outbox, self.bus.producer, topic)

    def join(
        self,
        group: str,
        blocked_keys: BlockedKeys,
        handle: BatchHandler,
        *,
        upcast: Upcast = no_upcast,
    ) -> None:
        """Handle the events of a group, unless this process is API-only. `upcast` converts old events."""
        if self._settings.role is Role.API:
            return
        subscription = Subscription(group, SUBSCRIPTIONS[group], handle, upcast)
        delays = self._bus_settings.bus_retry_delays
        dispatcher = Dispatcher(self.bus, self._database, blocked_keys, subscription, delays)
        self.dispatchers.append(dispatcher)
        self._members[group] = Member(dispatcher, DeadLetterTimes(self.bus, dead_letter_topics(group)))

    async def close(self) -> None:
        """Close the bus and the dead-letter readers."""
        for member in self._members.values():
            await member.dead_letters.close()
        await self.bus.close()
