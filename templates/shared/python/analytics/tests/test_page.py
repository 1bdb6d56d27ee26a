"""The dashboard page in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

from chassis.clock import now
from chassis.db.database import Database
from chassis.testing import serving

from ..domain import ORDERS, VIEWS
from ..service import Analytics
from .app import Drain, Topic, application
from .browser import Page, browsing
from .memory_bus import MemoryBus, order, view

LINE = "document.querySelector('#orders-chart polyline').getAttribute('points')"
STATE = "document.getElementById('state').textContent"


@pytest.fixture
def bus() -> MemoryBus:
    """The bus with the events to show."""
    return MemoryBus()


@pytest.fixture
def drain() -> Drain:
    """Whether the server is draining."""
    return Drain()


@asynccontextmanager
async def opened(app: FastAPI, analytics: Analytics, folder: Path) -> AsyncIterator[Page]:
    """Run and serve analytics, and open its page in a browser."""
    working = asyncio.create_task(analytics.run())
    try:
        async with serving(app) as url, browsing(folder / "browser") as page:
            await page.open(f"{url}/analytics")
            await page.until("document.readyState === 'complete'")
            yield page
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


@pytest.fixture
async def page(database: Database, bus: MemoryBus, drain: Drain, tmp_path: Path) -> AsyncIterator[Page]:
    """The page, opened in a browser."""
    analytics = Analytics(database, bus, "EUR")
    async with opened(application(analytics, Topic(bus), drain), analytics, tmp_path) as page:
        yield page


async def sign_in(page: Page, email: str, password: str) -> None:
    """Fill in and submit the sign-in form."""
    for name, value in (("email", email), ("password", password)):
        await page.run(f"document.querySelector('[name={name}]').value = '{value}'")
    await page.run("document.querySelector('#sign-in button').click()")


async def text(page: Page, part: str) -> str:
    """Return the text of an element of the page."""
    return str(await page.run(f"document.getElementById('{part}').textContent"))


async def test_charts_follow_new_events(page: Page, bus: MemoryBus) -> None:
    """The page loads nothing from other origins and violates no security policy."""
    await sign_in(page, "admin@shop.example", "right")
    await page.until(f"{STATE} === 'Live'")
    before = await page.run(LINE)
    assert {point.split(",")[1] for point in before.split()} == {"100"}
    lines = [("CHAIR", 2, 1250), ("<b>", 1, 5)]
    bus.publish(ORDERS, 0, order("OrderPlaced", now(), lines), order("OrderConfirmed", now(), lines))
    bus.publish(VIEWS, 1, *(view(now()) for _ in range(8)))
    await page.until(f"{LINE} !== {before!r}")
    after = await page.run(LINE)
    await page.until(f"{LINE} !== {after!r}")
    bars = "[...document.querySelectorAll('#minutes-chart rect')].map(each => +each.getAttribute('height'))"
    assert sorted(await page.run(bars))[-2:] == [0, 100]
    assert await text(page, "revenue") == "€25.05"
    assert await text(page, "conversion") == "12.5%"
    cells = "[...document.querySelectorAll('#products td')].map(cell => cell.textContent)"
    assert await page.run(cells) == ["CHAIR", "2", "€25.00", "<b>", "1", "€0.05"]
    loaded = await page.run("performance.getEntriesByType('resource').map(each => new URL(each.name).origin)")
    assert set(loaded) == {await page.run("location.origin")}
    # The page probes for an external identity provider; a 404 response means that accounts are local.
    assert [each for each in page.errors if "404" not in each] == []


async def test_an_inline_script_is_blocked(page: Page) -> None:
    """The content security policy blocks injected scripts."""
    await page.run(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'planted = 1'}))"
    )
    await page.until("typeof planted === 'undefined'")
    assert any("Content Security Policy" in each for each in page.errors)


@pytest.mark.parametrize(
    ("email", "password", "state"),
    [
        ("admin@shop.example", "wrong", "No such account, or another password."),
        ("alice@shop.example", "right", "Only administrators can see these figures."),
    ],
)
async def test_a_failed_sign_in_shows_the_reason(page: Page, email: str, password: str, state: str) -> None:
    """The form stays visible for another attempt."""
    await sign_in(page, email, password)
    await page.until(f"{STATE} === {state!r}")
    assert not await page.run("document.getElementById('sign-in').hidden")
    assert await page.run("document.getElementById('figures').hidden")


async def test_the_page_reconnects_after_a_server_outage(page: Page, bus: MemoryBus, drain: Drain) -> None:
    """It reconnects without user interaction."""
    await sign_in(page, "admin@shop.example", "right")
    await page.until(f"{STATE} === 'Live'")
    drain.begun = True
    await page.until(f"{STATE} === 'Reconnecting'")
    drain.begun = False
    await page.until(f"{STATE} === 'Live'")


async def test_the_page_asks_for_a_token_with_an_external_identity_provider(
    database: Database, bus: MemoryBus, drain: Drain, tmp_path: Path
) -> None:
    """The shop's protected-resource metadata shows that accounts are external."""
    analytics = Analytics(database, bus, "EUR")
    app = application(analytics, Topic(bus), drain)
    app.add_api_route("/.well-known/oauth-protected-resource", lambda: {"authorization_servers": []})
    async with opened(app, analytics, tmp_path) as page:
        await page.until("!document.querySelector('.token').hidden")
        assert await page.run("[...document.querySelectorAll('.password')].every(each => each.hidden)")
        await page.run("document.querySelector('[name=token]').value = 'admin'")
        await page.run("document.querySelector('#sign-in button').click()")
        await page.until(f"{STATE} === 'Live'")
        assert page.errors == []
