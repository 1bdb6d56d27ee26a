"""The page, in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

from ...chassis.clock import now
from ...chassis.database import Database
from ..domain import ORDERS, VIEWS
from ..service import Analytics
from .browser import Page, browsing
from .memory_bus import MemoryBus, order, view
from .serving import Drain, Topic, application, serving

LINE = "document.querySelector('#orders-chart polyline').getAttribute('points')"
STATE = "document.getElementById('state').textContent"


@pytest.fixture
def bus() -> MemoryBus:
    """Where events come from."""
    return MemoryBus()


@pytest.fixture
def drain() -> Drain:
    """Whether the server is about to stop."""
    return Drain()


@asynccontextmanager
async def opened(app: FastAPI, analytics: Analytics, folder: Path) -> AsyncIterator[Page]:
    """Let analytics work and be served, and open its page in a browser."""
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
    """The page, open in a browser."""
    analytics = Analytics(database, bus, "EUR")
    async with opened(application(analytics, Topic(bus), drain), analytics, tmp_path) as made:
        yield made


async def sign_in(page: Page, email: str, password: str) -> None:
    """Fill in the form and send it."""
    for name, value in (("email", email), ("password", password)):
        await page.run(f"document.querySelector('[name={name}]').value = '{value}'")
    await page.run("document.querySelector('#sign-in button').click()")


async def text(page: Page, part: str) -> str:
    """The text of a part of the page."""
    return str(await page.run(f"document.getElementById('{part}').textContent"))


async def test_charts_move_with_what_happens(page: Page, bus: MemoryBus) -> None:
    """With nothing loaded from elsewhere, and nothing that the page's policy forbids."""
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
    # The shop's answer that it has accounts of its own, which the page asks for, is a 404.
    assert [each for each in page.complaints if "404" not in each] == []


async def test_script_within_the_page_is_refused(page: Page) -> None:
    """Whoever should manage to put one there."""
    await page.run(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'planted = 1'}))"
    )
    await page.until("typeof planted === 'undefined'")
    assert any("Content Security Policy" in each for each in page.complaints)


@pytest.mark.parametrize(
    ("email", "password", "state"),
    [
        ("admin@shop.example", "wrong", "No such account, or another password."),
        ("alice@shop.example", "right", "Only administrators may see this"),
    ],
)
async def test_who_may_not_see_it_is_told(page: Page, email: str, password: str, state: str) -> None:
    """And may try again."""
    await sign_in(page, email, password)
    await page.until(f"{STATE} === {state!r}")
    assert not await page.run("document.getElementById('sign-in').hidden")
    assert await page.run("document.getElementById('figures').hidden")


async def test_page_comes_back_after_the_server_has_been_away(
    page: Page, bus: MemoryBus, drain: Drain
) -> None:
    """By itself."""
    await sign_in(page, "admin@shop.example", "right")
    await page.until(f"{STATE} === 'Live'")
    drain.begun = True
    await page.until(f"{STATE} === 'Reconnecting'")
    drain.begun = False
    await page.until(f"{STATE} === 'Live'")


async def test_token_is_asked_for_where_accounts_are_elsewhere(
    database: Database, bus: MemoryBus, drain: Drain, tmp_path: Path
) -> None:
    """An identity provider has them then, and the shop says so."""
    analytics = Analytics(database, bus, "EUR")
    app = application(analytics, Topic(bus), drain)
    app.add_api_route("/.well-known/oauth-protected-resource", lambda: {"authorization_servers": []})
    async with opened(app, analytics, tmp_path) as page:
        await page.until("!document.querySelector('.token').hidden")
        assert await page.run("[...document.querySelectorAll('.password')].every(each => each.hidden)")
        await page.run("document.querySelector('[name=token]').value = 'admin'")
        await page.run("document.querySelector('#sign-in button').click()")
        await page.until(f"{STATE} === 'Live'")
        assert page.complaints == []
