"""The shop as an ASGI application."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from starlette.types import ASGIApp

from ..chassis import problems
from ..chassis.http import Front
from ..chassis.telemetry.instrument import instrument
from .wiring import Shop


def create() -> ASGIApp:
    """Return the shop that the environment describes, with all that a request passes before it gets there."""
    shop = Shop()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Sent by the server's parent process when it has been told to stop.
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, shop.health.drain)
        async with shop.running():
            yield

    app = FastAPI(title="Shop", version="1", lifespan=lifespan)
    problems.install(app)
    app.state.verifier = shop.identity.verifier
    for router in shop.routers():
        app.include_router(router)
    instrumented = instrument(app, shop.telemetry, shop.database, shop.cache, shop.outboxes)
    trusted = [each.strip() for each in shop.settings.trusted_proxies.split(",")]
    return Front(wrap_asgi_with_proxy_headers(instrumented, trusted), shop.health)
