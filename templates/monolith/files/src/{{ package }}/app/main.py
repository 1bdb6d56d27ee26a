"""The shop as an ASGI application, and the check before it starts."""

from starlette.types import ASGIApp

from chassis.serving.application import application

from .wiring import Shop


def create() -> ASGIApp:
    """Return the shop as the environment configures it."""
    return application(Shop())


async def check() -> None:
    """Raise `StartupRefused` if the shop must not start as the environment configures it."""
    await Shop().check_startup()
