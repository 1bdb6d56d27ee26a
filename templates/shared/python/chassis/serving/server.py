"""The HTTP server: Granian with one worker process.

For more processes, run more replicas: the load balancer distributes requests over them.
"""

import gc
import multiprocessing
import os
import signal
import threading
from types import FrameType

from granian import Granian
from granian.constants import Interfaces, Loops
from granian.http import HTTP1Settings
from pydantic import Field

from ..settings import Settings
from ..telemetry.logs import logging_config
from ..telemetry.settings import TelemetrySettings
from .application import ProxySettings
from .audit import AuditSettings
from .cors import CorsSettings
from .ports import exit_if_unavailable

IDLE_SECONDS = 75
"""Longer than a load balancer keeps its own idle connections, so it never sends into a closing one."""
STOP_SECONDS = 25
"""Time for open requests after draining; platforms allow 40 s for everything."""


class ServerSettings(Settings):
    """Graceful shutdown: for `drain_seconds` the server still serves, but reports that it is not ready.

    `access_log` logs every request, for development: in production, the load balancer does.
    """

    drain_seconds: float = Field(default=0, ge=0, le=60)
    access_log: bool = False


def serve(factory: str, host: str, port: int) -> None:
    """Serve what `factory` makes until SIGTERM or SIGINT, then finish the requests already accepted.

    Exits with a message if the port is in use.
    """
    exit_if_unavailable(host, port)
    settings = ServerSettings()
    # The worker reads these. If it found one invalid, its reason would be one of many messages.
    CorsSettings()
    ProxySettings()
    AuditSettings()
    # The worker is forked: it shares what is loaded by now until its garbage collector changes those pages.
    gc.collect()
    gc.freeze()
    server = Granian(
        factory,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        # It also limits how long a connection may be idle.
        http1_settings=HTTP1Settings(header_read_timeout=IDLE_SECONDS * 1000),
        websockets=False,
        log_dictconfig=logging_config(TelemetrySettings()),
        log_access=settings.access_log,
        log_access_format="%(method)s %(path)s %(status)d in %(dt_ms).0f ms",
        # Ctrl-C signals the worker too. If it gets two signals while it starts, Granian's handler can block.
        workers_kill_timeout=STOP_SECONDS,
    )
    server.on_startup(lambda: _drain_first(settings.drain_seconds))
    server.serve()


def _drain_first(seconds: float) -> None:
    """Drain before Granian handles SIGTERM, which closes the port and finishes open requests."""
    stop = signal.getsignal(signal.SIGTERM)
    assert callable(stop)

    def drain(number: int, frame: FrameType | None) -> None:
        for worker in multiprocessing.active_children():
            if worker.pid is not None:
                os.kill(worker.pid, signal.SIGUSR1)
        threading.Timer(seconds, stop, (number, frame)).start()

    signal.signal(signal.SIGTERM, drain)
