"""Analytics behind a real HTTP server, in the process of the test."""

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
    """Whether the server is about to stop."""

    begun = False


class Topic:
    """Puts what is published into the first partition of its topic."""

    def __init__(self, bus: MemoryBus) -> None:
        self._log = bus

    async def publish(self, topic: str, event: Event) -> None:
        """Append it."""
        self._log.publish(topic, 0, msgspec.json.encode(event))


class Everybody:
    """No limit."""

    async def hit(self, subject: str) -> None:
        """Let it pass."""


def application(analytics: Analytics, publisher: Publisher, drain: Drain) -> FastAPI:
    """The routes of analytics and its page, and a sign-in whose users are named by e-mail address."""
    app = FastAPI()
    problems.install(app)
    app.state.verifier = StubVerifier()
    stream = Stream(analytics.summary, lambda: drain.begun)
    app.include_router(router(analytics, stream, ViewRecorder(publisher), Everybody()))
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
    """Serve `app` for the time of the block, at the address that is returned."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(app, port=port, interface=Interfaces.ASGI, websockets=False, log_enabled=False)
    task = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    try:
        await _answering(url)
        yield url
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        await task


async def _answering(url: str) -> None:
    async with AsyncClient(base_url=url, trust_env=False) as client:
        for _ in range(100):
            with suppress(ConnectError):
                await client.get("/analytics")
                return
            await asyncio.sleep(0.05)
    raise TimeoutError(f"{url} does not answer")
