"""The service: a WSGI application with one answer."""

from collections.abc import Callable, Iterable
from typing import Any

WORDS = "Hello"


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Greet whoever the path names: `/ada` is greeted as ada."""
    name = environ["PATH_INFO"].strip("/") or "world"
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{WORDS}, {name}!\n".encode()]
