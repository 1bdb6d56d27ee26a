"""WSGI application that greets by name."""

from collections.abc import Callable, Iterable
from typing import Any

SALUTATION = "Hello"


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Respond with a greeting for the name in the path, for example `/ada`."""
    name = environ["PATH_INFO"].strip("/") or "world"
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{SALUTATION}, {name}!\n".encode()]
