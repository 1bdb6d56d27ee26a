"""The service as an ASGI application, and the check before it starts."""

from starlette.types import ASGIApp

from chassis.serving.application import application

from .wiring import build


def create() -> ASGIApp:
    """Return the application, configured by the environment."""
    return application(build())


async def check() -> None:
    """Raise `StartupRefused` if the service must not start as the environment configures it."""
    await build().check_startup()
