"""The ASGI application of a program."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network

from fastapi import FastAPI
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from pydantic import IPvAnyNetwork
from starlette.types import ASGIApp

from ..http import health, problems
from ..http.middleware import RequestMiddleware
from ..project import DOCUMENTS, NAME, VERSION
from ..settings import Listed, Settings
from ..telemetry import retry_logs
from ..telemetry.instrument import instrument
from ..telemetry.settings import TelemetrySettings
from . import docs, openapi, security_txt
from .audit import audit_routers
from .cors import CorsSettings, with_cors
from .program import Program

PRIVATE_NETWORKS = ("127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
UNTRACED = frozenset({"/livez", "/startupz", "/readyz", "/metrics"})


class ProxySettings(Settings):
    """Proxies whose forwarding headers are trusted: networks and addresses."""

    # Checked here: Granian would take anything else for a name, and trust no proxy.
    trusted_proxies: Listed[IPvAnyNetwork] = tuple(map(ip_network, PRIVATE_NETWORKS))


def application(program: Program) -> ASGIApp:
    """Return the program as an ASGI application with middleware, telemetry and health endpoints."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # The server's parent process sends this signal when it has been told to stop.
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, program.health.drain)
        async with program.running():
            yield

    retry_logs.install()
    app = FastAPI(
        title=program.title,
        version=VERSION,
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
        # One span for each request, and none for those that a cluster sends every few seconds.
        telemetry={"operation_spans": False, "exclude": lambda scope: scope["path"] in UNTRACED},
    )
    problems.install(app)
    app.state.verifier = program.verifier
    routers = [*program.routers(), health.router(program.health), docs.router(NAME, DOCUMENTS)]
    routers.append(security_txt.router())
    if program.document is not None:
        routers.append(openapi.router(app, program.document, program.verifier.security_scheme))
    for router in routers:
        # An included router compares the path of a request with its routes twice.
        app.router.routes.extend(router.routes)
    for router in audit_routers(program):
        # It closes its connections when the program ends.
        app.include_router(router)
    instrumented = instrument(app, TelemetrySettings(), program.metric_sources)
    trusted = [str(network) for network in ProxySettings().trusted_proxies]
    served = RequestMiddleware(wrap_asgi_with_proxy_headers(instrumented, trusted), program.health)
    return with_cors(served, CorsSettings())
