"""Serve the local issuer at the address in OIDC_ISSUER."""

from granian import Granian
from granian.constants import Interfaces

from ..chassis.serving.ports import exit_if_unavailable
from ..chassis.telemetry.logs import logging_config
from ..chassis.telemetry.settings import TelemetrySettings
from .settings import LOOPBACK, IssuerSettings


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    target = f"{__package__}.app:create"
    port = IssuerSettings().port
    exit_if_unavailable(LOOPBACK, port)
    Granian(
        target,
        LOOPBACK,
        port,
        interface=Interfaces.ASGI,
        factory=True,
        websockets=False,
        log_dictconfig=logging_config(TelemetrySettings()),
    ).serve()


if __name__ == "__main__":
    main()
