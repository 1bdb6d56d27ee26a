"""The routes of analytics."""

import pytest
from httpx2 import AsyncClient

from ...chassis.database import Database
from ...chassis.events import Event
from ...chassis.problems import Problem
from ...testing import Serve
from .. import page
from ..api import router
from ..domain import VIEWS
from ..service import Analytics
from ..stream import Stream
from ..views import ViewRecorder
from .memory_bus import MemoryBus


class Topic:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Event]] = []

    async def publish(self, topic: str, event: Event) -> None:
        """Keep it."""
        self.events.append((topic, event))


class Limit:
    """Allows `left` requests."""

    left = 3

    async def hit(self, subject: str) -> None:
        """Count one."""
        self.left -= 1
        if self.left < 0:
            raise Problem(429, "too-many-requests", subject)


@pytest.fixture
def topic() -> Topic:
    """Where views go."""
    return Topic()


@pytest.fixture
def client(database: Database, serve: Serve, topic: Topic) -> AsyncClient:
    """Somebody without a token."""
    analytics = Analytics(database, MemoryBus(), "EUR")
    stream = Stream(analytics.summary, lambda: False)
    return serve(router(analytics, stream, ViewRecorder(topic), Limit()))("")


async def test_view_is_published(client: AsyncClient, topic: Topic) -> None:
    """By anybody, and evenly over the partitions."""
    for _ in range(2):
        answer = await client.post("/v1/analytics/views", json={"sku": "CHAIR"})
        assert (answer.status_code, answer.content) == (202, b"")
    assert [name for name, _ in topic.events] == [VIEWS] * 2
    first, second = (event for _, event in topic.events)
    assert (first.type, first.version, bytes(first.data)) == ("ProductViewed", 1, b'{"sku":"CHAIR"}')
    assert first.key != second.key


@pytest.mark.parametrize("body", [{}, {"sku": ""}, {"sku": "a b"}, {"sku": 1}, {"sku": "A", "user": "B"}])
async def test_odd_view_is_refused(client: AsyncClient, topic: Topic, body: object) -> None:
    """And published nowhere."""
    assert (await client.post("/v1/analytics/views", json=body)).status_code == 422
    assert topic.events == []


async def test_views_are_limited_by_address(client: AsyncClient, topic: Topic) -> None:
    """They are public, and would be easy to invent."""
    statuses = [(await client.post("/v1/analytics/views", json={"sku": "A"})).status_code for _ in range(4)]
    assert statuses == [202, 202, 202, 429]
    assert len(topic.events) == 3


@pytest.mark.parametrize("path", ["/v1/analytics/summary", "/v1/analytics/stream"])
@pytest.mark.parametrize(("token", "status"), [(None, 401), ("alice", 403)])
async def test_figures_are_for_administrators(
    client: AsyncClient, path: str, token: str | None, status: int
) -> None:
    """They are the owner's business."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    assert (await client.get(path, headers=headers)).status_code == status


async def test_summary_has_all_windows(client: AsyncClient) -> None:
    """Empty ones as well; no cache keeps it."""
    answer = await client.get("/v1/analytics/summary", headers={"Authorization": "Bearer admin"})
    assert answer.headers["cache-control"] == "no-store"
    summary = answer.json()
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
async def test_page_is_served_with_its_policy(serve: Serve, path: str, kind: str) -> None:
    """To anybody: there is no figure in it."""
    answer = await serve(page.router())("").get(path)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)
    assert answer.headers["content-security-policy"].startswith("default-src 'self';")


async def test_nothing_else_is_served(serve: Serve) -> None:
    """No file that is no part of the page."""
    client = serve(page.router())("")
    assert (await client.get("/analytics/../api.py")).status_code == 404
    assert (await client.get("/analytics/index.html")).status_code == 404
