"""The shop that a command works on, from its arguments or the environment."""

from __future__ import annotations

import argparse
import ipaddress
import os
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx2


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


def exit_code(command: Callable[[], int]) -> int:
    """Run `command`; 2 and one line on standard error if the shop is not there or breaks its contract."""
    try:
        return command()
    except (AssertionError, httpx2.HTTPError, OSError) as error:
        print(f"cannot go on: {error or type(error).__name__}", file=sys.stderr)
        return 2


def is_loopback(base_url: str) -> bool:
    """Whether the address is this machine's own."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
