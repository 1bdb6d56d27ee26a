"""HTTP API of analytics."""

import pytest
from httpx2 import AsyncClient

from chassis.db.database import Database
from chassis.http.problems import Problem
from chassis.messaging.events import Event
from chassis.testing import Serve

from .. import page
from ..api import router
from ..domain import VIEWS
from ..service import Analytics
from ..stream import Stream
from ..views import ViewRecorder
from .memory_bus import MemoryBus


class Topic:
    """Collects published events."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Event]] = []

    async def publish(self, topic: str, event: Event) -> None:
        """Store the event."""
        self.events.append((topic, event))


class Limit:
    """A rate limit of `left` requests."""

    left = 3

    async def hit(self, subject: str) -> None:
        """Count a request; raise the problem if none is left."""
        self.left -= 1
        if self.left < 0:
            raise Problem(429, "too-many-requests", subject)


@pytest.fixture
def topic() -> Topic:
    """Collects the published views."""
    return Topic()


@pytest.fixture
def client(database: Database, serve: Serve, topic: Topic) -> AsyncClient:
    """A client without a token."""
    analytics = Analytics(database, MemoryBus(), "EUR")
    stream = Stream(analytics.summary, lambda: False)
    return serve(router(analytics, stream, ViewRecorder(topic), Limit()))("")


async def test_a_view_is_published(client: AsyncClient, topic: Topic) -> None:
    """Anybody may report views, and their keys spread them over the partitions."""
    for _ in range(2):
        response = await client.post("/v1/analytics/views", json={"sku": "CHAIR"})
        assert (response.status_code, response.content) == (202, b"")
    assert [name for name, _ in topic.events] == [VIEWS] * 2
    first, second = (event for _, event in topic.events)
    assert (first.type, first.version, bytes(first.data)) == ("ProductViewed", 1, b'{"sku":"CHAIR"}')
    assert first.key != second.key


@pytest.mark.parametrize("body", [{}, {"sku": ""}, {"sku": "a b"}, {"sku": 1}, {"sku": "A", "user": "B"}])
async def test_an_invalid_view_is_refused(client: AsyncClient, topic: Topic, body: object) -> None:
    """An invalid view is not published."""
    assert (await client.post("/v1/analytics/views", json=body)).status_code == 422
    assert topic.events == []


async def test_views_are_limited_by_address(client: AsyncClient, topic: Topic) -> None:
    """The route is public, so fake views must be bounded."""
    statuses = [(await client.post("/v1/analytics/views", json={"sku": "A"})).status_code for _ in range(4)]
    assert statuses == [202, 202, 202, 429]
    assert len(topic.events) == 3


@pytest.mark.parametrize("path", ["/v1/analytics/summary", "/v1/analytics/stream"])
@pytest.mark.parametrize(("token", "status"), [(None, 401), ("alice", 403)])
async def test_figures_are_restricted_to_administrators(
    client: AsyncClient, path: str, token: str | None, status: int
) -> None:
    """Other users and anonymous clients are refused."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    assert (await client.get(path, headers=headers)).status_code == status


async def test_the_summary_has_all_windows(client: AsyncClient) -> None:
    """Empty windows are included, and responses must not be cached."""
    response = await client.get("/v1/analytics/summary", headers={"Authorization": "Bearer admin"})
    assert response.headers["cache-control"] == "no-store"
    summary = response.json()
    assert summary.pop("time").endswith("Z")
    assert summary == {
        "currency": "EUR",
        "orders_per_second": [0] * 60,
        "revenue_per_minute": [0] * 60,
        "refunded": 0,
        "top_products": [],
        "conversion": {"views": 0, "confirmed": 0, "rate": None},
    }


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/analytics", "text/html"),
        ("/analytics/page.css", "text/css"),
        ("/analytics/page.js", "text/javascript"),
        ("/analytics/icon.svg", "image/svg+xml"),
    ],
)
async def test_the_page_is_served_with_its_security_policy(serve: Serve, path: str, kind: str) -> None:
    """The page needs no token, because it contains no figures."""
    response = await serve(page.router())("").get(path)
    assert (response.status_code, response.headers["content-type"].split(";")[0]) == (200, kind)
    assert response.headers["content-security-policy"].startswith("default-src 'self';")


async def test_other_files_are_not_served(serve: Serve) -> None:
    """Only the files of the page have routes."""
    client = serve(page.router())("")
    assert (await client.get("/analytics/../api.py")).status_code == 404
    assert (await client.get("/analytics/index.html")).status_code == 404
