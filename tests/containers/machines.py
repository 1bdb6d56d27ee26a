"""Generated shops on one machine, behind its TLS."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import httpx2

from .engine import Engine
from .stacks import Stack, stack

OPTIONS: dict[str, Any] = {"kubernetes": False, "host": "machine"}
URL = "https://localhost"
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


@contextmanager
def machine(
    docker: Engine, name: str, settings: Mapping[str, str] = NO_SETTINGS, **options: Any
) -> Iterator[tuple[Stack, httpx2.Client]]:
    """Release a monolith with variables of deploy/.env; yield it, and a client of its domain."""
    with (
        stack(docker, name, "monolith", **OPTIONS, **options) as shop,
        released(shop, settings) as http,
    ):
        yield shop, http


@contextmanager
def released(shop: Stack, settings: Mapping[str, str] = NO_SETTINGS) -> Iterator[httpx2.Client]:
    """Release a shop with variables of deploy/.env; yield a client of its domain."""
    shop.make("deploy/.env")
    # Caddy itself signs the certificate of this name.
    for variable, value in {"DOMAIN": "localhost", **settings}.items():
        shop.configure(variable, value)
    assert shop.make("release", "TAG=1.0.0").splitlines()[-1] == "Released 1.0.0."
    trusted = _authority(shop)
    with (
        shop.docker.network(),
        httpx2.Client(base_url=URL, verify=trusted, timeout=60, trust_env=False) as http,
    ):
        yield http


def _authority(shop: Stack) -> ssl.SSLContext:
    """Return what trusts the authority of Caddy."""
    files = [f"--file=deploy/{each}" for each in ("compose.yaml", "machine/compose.yaml")]
    path = "/data/caddy/pki/authorities/local/root.crt"
    return ssl.create_default_context(cadata=shop.compose(*files, "exec", "--no-TTY", "tls", "cat", path))
