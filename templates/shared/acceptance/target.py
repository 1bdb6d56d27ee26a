"""The shop that a command works on, from its arguments or the environment."""

from __future__ import annotations

import argparse
import ipaddress
import os
from urllib.parse import urlsplit


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add `--base-url` and `--admin`, which default to SHOP_URL and SHOP_ADMIN."""
    for name, variable, meaning in (
        ("--base-url", "SHOP_URL", "http://host:port of the shop"),
        ("--admin", "SHOP_ADMIN", "id:secret of its administrator"),
    ):
        default = os.environ.get(variable)
        parser.add_argument(
            name, default=default, required=default is None, help=f"{meaning} (default: {variable})"
        )


def is_loopback(base_url: str) -> bool:
    """Whether the address is this machine's own."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
