"""Analytics as an application, without a database."""

import msgspec
from fastapi import FastAPI, Response

from chassis.http import problems
from chassis.http.replies import reply
from chassis.messaging.events import Event
from chassis.testing import StubVerifier

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
