"""ASGI application of the service."""

from starlette.types import ASGIApp

from ..chassis.serving.application import application
from .wiring import build


def create() -> ASGIApp:
    """Return the application, configured by the environment."""
    return application(build())
