"""The service as an ASGI application."""

from starlette.types import ASGIApp

from ..chassis.serving.application import application
from .wiring import build


def create() -> ASGIApp:
    """Return the service that the environment describes."""
    return application(build())
