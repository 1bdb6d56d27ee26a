"""Analytics behind a real HTTP server in the test's process."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
from fastapi import FastAPI, Response
from granian.constants import Interfaces
from granian.server.embed import Server
from httpx2 import AsyncClient, ConnectError

from ...chassis import problems
from ...chassis.events import Event
from ...chassis.replies import reply
from ...testing import StubVerifier
from .. import page
from ..api import router
from ..ports import Publisher
from ..service import Analytics
from ..stream import Stream
from ..views import ViewRecorder
from .memory_bus import MemoryBus


class Drain:
    """Whether the server is draining."""

    begun = False


class Topic:
    """Publishes to the first partition of each topic."""

    def __init__(self, bus: MemoryBus) -> None:
        self._log = bus

    async def publish(self, topic: str, event: Event) -> None:
        """Append the event."""
        self._log.publish(topic, 0, msgspec.json.encode(event))


class Unlimited:
    """A rate limit without a bound."""

    async def hit(self, subject: str) -> None:
        """Allow the request."""


def application(analytics: Analytics, publisher: Publisher, drain: Drain) -> FastAPI:
    """Return an app with analytics, its page and a login; users are named by their e-mail addresses."""
    app = FastAPI()
    problems.install(app)
    app.state.verifier = StubVerifier()
    stream = Stream(analytics.summary, lambda: drain.begun)
    app.include_router(router(analytics, stream, ViewRecorder(publisher), Unlimited()))
    app.include_router(page.router())

    @app.post("/v1/auth/login")
    async def sign_in(body: dict[str, str]) -> Response:
        name = body["email"].partition("@")[0]
        if body["password"] != "right":
            raise problems.Problem(401, "invalid-credentials", "No such account, or another password.")
        return reply({"access_token": name, "refresh_token": "none"})

    return app


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Serve `app` during the block; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(app, port=port, interface=Interfaces.ASGI, websockets=False, log_enabled=False)
    task = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    try:
        await _wait_for(url)
        yield url
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        await task


async def _wait_for(url: str) -> None:
    async with AsyncClient(base_url=url, trust_env=False) as client:
        for _ in range(100):
            with suppress(ConnectError):
                await client.get("/analytics")
                return
            await asyncio.sleep(0.05)
    raise TimeoutError(f"{url} is not responding")
