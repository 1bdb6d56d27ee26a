"""The topics: one for the events of each context, and who hears them."""

from collections.abc import Sequence

from ..chassis.bus.port import Topic
from ..chassis.bus.retries import RetryPath

ORDERS = "orders.v1"
INVENTORY = "inventory.v1"
PAYMENTS = "payments.v1"
VIEWS = "views.v1"

# By consumer group. Analytics, which keeps its own positions, handles failures in its own way.
SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {
    "inventory": (ORDERS,),
    "payments": (INVENTORY, ORDERS),
    "orders": (INVENTORY, PAYMENTS),
    "cart": (ORDERS,),
    "notifications": (ORDERS,),
}
# Nobody needs to know old views; all other events are kept, so that read models can be rebuilt.
RETENTION_HOURS = {VIEWS: 7 * 24}


def every_topic(partitions: int, delays: Sequence[float]) -> list[Topic]:
    """Return all topics, also those in which each group retries events (after `delays`, in seconds)."""
    names = (ORDERS, INVENTORY, PAYMENTS, VIEWS)
    told = [Topic(name, partitions, RETENTION_HOURS.get(name)) for name in names]
    paths = [RetryPath(group, topics, delays) for group, topics in SUBSCRIPTIONS.items()]
    return told + [topic for path in paths for topic in path.topics(partitions)]


def dead_letter_topics(group: str) -> list[str]:
    """Return where a group puts the events that it has given up."""
    topics = SUBSCRIPTIONS[group]
    return [RetryPath(group, topics, ()).dead_letter_topic(topic) for topic in topics]
