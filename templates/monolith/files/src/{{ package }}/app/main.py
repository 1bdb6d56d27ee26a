"""The shop as an ASGI application."""

from starlette.types import ASGIApp

from ..chassis.serving.application import application
from .wiring import Shop


def create() -> ASGIApp:
    """Return the shop as the environment configures it."""
    return application(Shop())
