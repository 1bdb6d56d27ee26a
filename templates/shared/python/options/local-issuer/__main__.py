"""Serve the local issuer at the address in OIDC_ISSUER."""

import sys

from granian import Granian
from granian.constants import Interfaces
from pydantic import ValidationError

from chassis.serving.ports import exit_if_unavailable
from chassis.settings import explain
from chassis.telemetry.logs import logging_config
from chassis.telemetry.settings import TelemetrySettings

from .settings import LOOPBACK, IssuerSettings


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    target = f"{__package__}.app:create"
    try:
        port, telemetry = IssuerSettings().port, TelemetrySettings()
    except ValidationError as error:
        sys.exit(explain(error))
    exit_if_unavailable(LOOPBACK, port)
    Granian(
        target,
        LOOPBACK,
        port,
        interface=Interfaces.ASGI,
        factory=True,
        websockets=False,
        log_dictconfig=logging_config(telemetry),
    ).serve()


if __name__ == "__main__":
    main()
