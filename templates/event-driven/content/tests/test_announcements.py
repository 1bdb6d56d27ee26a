"""Each publication puts one event into the outbox, and the event reaches the topic."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from chassis.clock import now
from chassis.db.database import Database
from chassis.messaging.bus import BusSettings, open_bus
from chassis.messaging.bus.envelope import event_of
from chassis.messaging.bus.port import Bus, Topic
from chassis.messaging.bus.publishing import PublishingRelay
from chassis.messaging.events import Event
from choreography.topics import CONTENT

from ...content.domain import ArticlePublished
from ...content.tables import article
from ...content.tests.newsroom import EDITOR, Newsroom, content
from ..announcements import announce
from ..tables import outbox

LATER = timedelta(days=1)


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[Bus]:
    """An embedded bus with the topic of content."""
    bus = open_bus(BusSettings(bus_url=f"sqlite:///{tmp_path}/bus.db"))
    await bus.create([Topic(CONTENT, 4)])
    yield bus
    await bus.close()


async def stored(database: Database) -> list[tuple[str, str]]:
    """Return type and key of the events in the outbox, in their order."""
    table = outbox.table
    async with database.reading() as connection:
        rows = await connection.execute(sa.select(table.c.type, table.c.key).order_by(table.c.position))
    return [(row.type, row.key) for row in rows]


async def published(bus: Bus, number: int) -> list[Event]:
    """Return the events in the topic once there are this many."""
    reader = await bus.reader([CONTENT])
    found: list[Event] = []
    while len(found) < number:
        found += [event_of(record) for record in await reader.read(100)]
    await reader.close()
    return found


async def test_several_processes_announce_a_scheduled_article_once(connect: Callable[[], Database]) -> None:
    """All look for due articles at the same time, and publish and announce each once."""
    rooms = [Newsroom(connect(), announce) for _ in range(3)]
    ids = []
    for slug in ("chairs", "stools", "tables"):
        draft = await rooms[0].in_review(content(slug))
        await rooms[0].publications.publish(EDITOR, draft.article.id, now() + LATER, None)
        ids.append(str(draft.article.id))
    async with connect().transaction() as transaction:
        await transaction.execute(sa.update(article).values(publish_at=now() - LATER))
    await asyncio.gather(*(room.publications.publish_due() for room in rooms))
    assert sorted(await stored(connect())) == sorted(("ArticlePublished", each) for each in ids)


async def test_events_of_an_article_reach_the_topic_in_their_order(
    connect: Callable[[], Database], bus: Bus
) -> None:
    """Two relays publish each event once, with the article as its key."""
    database = connect()
    newsroom = Newsroom(database, announce)
    article_id = (await newsroom.published()).article.id
    await newsroom.publish_again(article_id, content("stools"))
    await newsroom.publications.withdraw(EDITOR, article_id, None)
    relays = [PublishingRelay(connect(), outbox, bus.producer, CONTENT) for _ in range(2)]
    running = [asyncio.create_task(relay.run()) for relay in relays]
    events = await published(bus, 3)
    for each in running:
        each.cancel()
    assert [event.type for event in events] == ["ArticlePublished", "ArticlePublished", "ArticleWithdrawn"]
    assert {event.key for event in events} == {str(article_id)}
    assert msgspec.json.decode(events[1].data, type=ArticlePublished).slug == "stools"
